// Functions that JavaRosa leaves to the app around it (Collect has `pulldata` and `intersects`), and those of XPath 1.0
// that it does not have, each from its definition.

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.xpath.XPathNodeset;
import org.javarosa.xpath.expr.XPathFuncExpr;

final class MoreFunctions {
    private MoreFunctions() {}

    private interface Body {
        Object of(Object[] arguments);
    }

    private record Named(String name, Body body) implements IFunctionHandler {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public List<Class[]> getPrototypes() {
            return List.of();
        }

        @Override
        public boolean rawArgs() {
            return true;
        }

        @Override
        public boolean realTime() {
            return false;
        }

        @Override
        public Object eval(Object[] arguments, EvaluationContext context) {
            return body.of(arguments);
        }
    }

    static void register(EvaluationContext context, File folder) {
        add(context, "floor", arguments -> Math.floor(number(arguments[0])));
        add(context, "ceiling", arguments -> Math.ceil(number(arguments[0])));
        add(context, "substring", MoreFunctions::substring);
        add(context, "name", arguments -> name(arguments[0]));
        add(context, "local-name", arguments -> name(arguments[0]));
        add(context, "intersects", arguments -> crosses(text(arguments[0])));
        add(context, "pulldata", arguments -> pulldata(folder, arguments));
    }

    private static void add(EvaluationContext context, String name, Body body) {
        context.addFunctionHandler(new Named(name, body));
    }

    private static double number(Object value) {
        return XPathFuncExpr.toNumeric(value);
    }

    private static String text(Object value) {
        return XPathFuncExpr.toString(value);
    }

    private static String name(Object nodes) {
        XPathNodeset all = (XPathNodeset) nodes;
        return all.size() == 0 ? "" : all.getRefAt(0).getNameLast();
    }

    /** XPath 1.0, 4.2: the characters whose place is at least round(from) and below round(from) + round(length). */
    private static String substring(Object[] arguments) {
        String text = text(arguments[0]);
        double from = Math.floor(number(arguments[1]) + 0.5);
        double end = arguments.length > 2 ? from + Math.floor(number(arguments[2]) + 0.5) : Double.POSITIVE_INFINITY;
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length(); at++)
            if (at + 1 >= from && at + 1 < end) out.append(text.charAt(at));
        return out.toString();
    }

    /** The column in the first row whose key is that; the grammar's tables have no quoted cells. */
    private static String pulldata(File folder, Object[] arguments) {
        try {
            List<String> lines = Files.readAllLines(new File(folder, text(arguments[0]) + ".csv").toPath());
            List<String> head = Arrays.asList(lines.get(0).split(","));
            int wanted = head.indexOf(text(arguments[1])), key = head.indexOf(text(arguments[2]));
            return lines.stream().skip(1).map(line -> line.split(",", -1))
                .filter(row -> row[key].equals(text(arguments[3]))).findFirst().map(row -> row[wanted]).orElse("");
        } catch (IOException problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** Whether two pieces of a line meet anywhere but where one ends and the next begins. */
    private static boolean crosses(String line) {
        double[][] places = Arrays.stream(line.split(";")).map(String::trim).filter(place -> !place.isEmpty())
            .map(place -> Arrays.stream(place.split(" +")).limit(2).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
        int pieces = places.length - 1;
        boolean closed = pieces > 1 && Arrays.equals(places[0], places[pieces]);
        for (int one = 0; one < pieces; one++)
            for (int other = one + 2; other < pieces; other++)
                if (!(closed && one == 0 && other == pieces - 1)
                    && meet(places[one], places[one + 1], places[other], places[other + 1])) return true;
        return false;
    }

    private static boolean meet(double[] a, double[] b, double[] c, double[] d) {
        double before = side(a, b, c), after = side(a, b, d), left = side(c, d, a), right = side(c, d, b);
        if (before * after < 0 && left * right < 0) return true;
        return before == 0 && between(a, b, c) || after == 0 && between(a, b, d)
            || left == 0 && between(c, d, a) || right == 0 && between(c, d, b);
    }

    private static double side(double[] a, double[] b, double[] p) {
        return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    }

    private static boolean between(double[] a, double[] b, double[] p) {
        return Math.min(a[0], b[0]) <= p[0] && p[0] <= Math.max(a[0], b[0])
            && Math.min(a[1], b[1]) <= p[1] && p[1] <= Math.max(a[1], b[1]);
    }
}
