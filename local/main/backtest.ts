/** `npm run backtest`: recorded Spot markets replayed under each policy. */
import { relative, resolve } from "node:path";
import { backtest, type WriteReport } from "../backtest/backtest.ts";
import { runMain } from "../terminal/terminal.ts";

/** In the package's folder. */
const defaultReport = ".local/backtest/report.html";

await runMain(process, async (args, terminal) => {
  const reports: Parameters<WriteReport>[] = [];
  const code = backtest(args, terminal, (...report) => void reports.push(report));
  for (const [report, path = resolve(defaultReport)] of reports) {
    // Loaded only where there is one: who asks for help, or mistypes, is answered at once.
    const { writeReport } = await import("../backtest/report/render-report.ts");
    writeReport(path, report);
    terminal.stderr(`The report is in ${relative(terminal.folder, path)}.\n`);
  }
  return code;
});
