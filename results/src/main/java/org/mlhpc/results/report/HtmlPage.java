package org.mlhpc.results.report;

import java.util.List;

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
            @media print{body{margin:0;max-width:none}figure,table{break-inside:avoid}}
            """;

    private final StringBuilder html = new StringBuilder();

    HtmlPage(String title) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
                .append("<title>" + escape(title) + "</title><style>" + STYLE + "</style></head><body>\n");
    }

    HtmlPage heading(int level, String text) {
        html.append("<h" + level + ">" + escape(text) + "</h" + level + ">\n");
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
            boolean number = alignNumbers && cell.matches("[-+]?\\d[\\d,.eE+-]*( .{1,16})?");
            html.append("<" + tag + (number ? " class=\"number\"" : "") + ">" + escape(cell) + "</" + tag + ">");
        }
        html.append("</tr>");
    }

    String finish() {
        return html + "</body></html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
