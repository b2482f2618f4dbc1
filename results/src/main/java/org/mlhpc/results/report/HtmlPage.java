package org.mlhpc.results.report;

import java.util.List;
import java.util.Map;

/** Builds one HTML page. Every text is escaped; only charts are taken as they are. */
final class HtmlPage {
    private static final String STYLE =
            """
            body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:60rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid #ddd}
            table{border-collapse:collapse;margin:.6rem 0}th,td{padding:.15rem .8rem .15rem 0;text-align:left;\
            vertical-align:top;border-bottom:1px solid #eee;overflow-wrap:anywhere}
            td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            figure{margin:1rem 0}figure svg{width:100%;height:auto}details{margin:.4rem 0}summary{cursor:pointer}
            .reached{color:#00664a}.missed{color:#b04a00}
            body.broad{max-width:84rem}.wide{overflow-x:auto}table.sortable{font-size:.82rem}\
            table.sortable th{cursor:pointer;vertical-align:bottom}\
            table.sortable th,table.sortable td{overflow-wrap:normal}table.sortable td:first-child{min-width:11rem}\
            table.sortable td:last-child:not(.number){min-width:9rem}
            th[aria-sort=ascending]::after{content:" \\25B2"}th[aria-sort=descending]::after{content:" \\25BC"}
            @media print{body,body.broad{margin:0;max-width:none}figure,table{break-inside:avoid}h2,h3{break-after:avoid}\
            table.sortable{break-inside:auto;font-size:.55rem}table.sortable th,table.sortable td{padding-right:.3rem}\
            table.sortable td:last-child:not(.number){min-width:5rem}tr{break-inside:avoid}\
            thead{display:table-header-group}nav{display:none}\
            .wide{overflow:visible}}
            """;

    private static final String LANDSCAPE = "@page{size:A4 landscape;margin:12mm}";

    /** Sorts a table by the column whose heading is clicked or chosen with the keyboard; numbers by value. */
    private static final String SORTING =
            """
            document.querySelectorAll("table.sortable th").forEach(head=>{head.tabIndex=0;head.title="sort";
            const sort=()=>{const table=head.closest("table"),body=table.tBodies[0],column=head.cellIndex;
            const up=head.getAttribute("aria-sort")!=="ascending";
            const value=row=>row.cells[column].textContent.trim().replace(/[,<]/g,"");
            const compare=(a,b)=>{const x=value(a),y=value(b),n=parseFloat(x),m=parseFloat(y);
            if(x===""||y==="")return x===y?0:(x===""?1:-1);
            return (up?1:-1)*(isNaN(n)||isNaN(m)?x.localeCompare(y):n-m);};
            [...body.rows].sort(compare).forEach(row=>body.append(row));
            table.querySelectorAll("th").forEach(other=>other.removeAttribute("aria-sort"));
            head.setAttribute("aria-sort",up?"ascending":"descending");};
            head.addEventListener("click",sort);
            head.addEventListener("keydown",event=>{if(event.key==="Enter")sort();});});
            """;

    private final StringBuilder html = new StringBuilder();
    private boolean sorting;

    HtmlPage(String title) {
        this(title, false);
    }

    /** @param broad whether its tables need more than the width of a text */
    HtmlPage(String title, boolean broad) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
                .append("<title>" + escape(title) + "</title><style>" + STYLE + (broad ? LANDSCAPE : "")
                        + "</style></head>")
                .append(broad ? "<body class=\"broad\">\n" : "<body>\n");
    }

    HtmlPage heading(int level, String text) {
        html.append("<h" + level + ">" + escape(text) + "</h" + level + ">\n");
        return this;
    }

    /** A heading that a link of {@link #contents} leads to. */
    HtmlPage heading(int level, String text, String id) {
        html.append("<h" + level + " id=\"" + escape(id) + "\">" + escape(text) + "</h" + level + ">\n");
        return this;
    }

    /** Links to headings, by their identifiers. */
    HtmlPage contents(Map<String, String> textById) {
        html.append("<nav><ul>");
        textById.forEach(
                (id, text) -> html.append("<li><a href=\"#" + escape(id) + "\">" + escape(text) + "</a></li>"));
        html.append("</ul></nav>\n");
        return this;
    }

    HtmlPage paragraph(String text) {
        html.append("<p>" + escape(text) + "</p>\n");
        return this;
    }

    /** @param mark name of a style that marks the paragraph */
    HtmlPage markedParagraph(String mark, String text) {
        html.append("<p><strong class=\"" + mark + "\">" + escape(text) + "</strong></p>\n");
        return this;
    }

    HtmlPage list(List<String> items) {
        html.append("<ul>");
        items.forEach(item -> html.append("<li>" + escape(item) + "</li>"));
        html.append("</ul>\n");
        return this;
    }

    /** @param svg an SVG element */
    HtmlPage figure(String svg) {
        html.append("<figure>" + svg + "</figure>\n");
        return this;
    }

    /** A table; numbers stand right in columns with a header, and left in lists of properties, which have none. */
    HtmlPage table(List<String> header, List<List<String>> rows) {
        html.append("<table>");
        if (!header.isEmpty()) {
            html.append("<thead>");
            row("th", header, false);
            html.append("</thead>");
        }
        html.append("<tbody>");
        rows.forEach(cells -> row("td", cells, !header.isEmpty()));
        html.append("</tbody></table>\n");
        return this;
    }

    /** A table that its reader can sort. */
    HtmlPage sortableTable(List<String> header, List<List<String>> rows) {
        sorting = true;
        html.append("<div class=\"wide\"><table class=\"sortable\"><thead>");
        row("th", header, false);
        html.append("</thead><tbody>");
        rows.forEach(cells -> row("td", cells, true));
        html.append("</tbody></table></div>\n");
        return this;
    }

    /** A table that opens on a click. */
    HtmlPage foldedTable(String summary, List<String> header, List<List<String>> rows) {
        html.append("<details><summary>" + escape(summary) + "</summary>");
        table(header, rows);
        html.append("</details>\n");
        return this;
    }

    private void row(String tag, List<String> cells, boolean alignNumbers) {
        html.append("<tr>");
        for (String cell : cells) {
            boolean number = cell.matches("[-+<]?\\d[\\d,.eE+-]*( .{1,16})?");
            html.append("<" + tag + (alignNumbers && number ? " class=\"number\"" : "") + ">"
                    + (tag.equals("td") && !number ? breakable(cell) : escape(cell)) + "</" + tag + ">");
        }
        html.append("</tr>");
    }

    /** Lines may break behind a slash, of which names of results have two. */
    private static String breakable(String cell) {
        return escape(cell).replace("/", "/<wbr>");
    }

    String finish() {
        return html + (sorting ? "<script>" + SORTING + "</script>" : "") + "</body></html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
