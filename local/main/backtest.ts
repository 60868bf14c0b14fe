/** `npm run backtest`: recorded Spot markets replayed under each policy. */
import { relative, resolve } from "node:path";
import { backtest } from "../backtest/backtest.ts";
import { writeReport } from "../backtest/report/render-report.ts";
import { runMain } from "../terminal/terminal.ts";

/** In the package's folder. */
const defaultReport = ".local/backtest/report.html";

await runMain(process, (args, terminal) =>
  backtest(args, terminal, (report, path = resolve(defaultReport)) => {
    writeReport(path, report);
    terminal.stderr(`The report is in ${relative(terminal.folder, path)}.\n`);
  }),
);
