/** `npm run backtest`: recorded Spot markets replayed under each policy. */
import { relative, resolve } from "node:path";
import { backtest } from "../backtest/backtest.ts";
import { writeReport } from "../backtest/report/render-report.ts";

/** In the package's folder. */
const defaultReport = ".local/backtest/report.html";

/** A reader that has seen enough (`| head`) closes the pipe: that is no failure of ours. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** A run that ends sooner shows no progress, and where stderr is no terminal a line comes no more often. */
const patienceMs = 2000;
let shownAtMs = 0;

/** To the beginning of the line, and clear it. */
const afresh = "\r\u001b[K";

const progress = (text: string): void => {
  // Milliseconds since the process began.
  const nowMs = performance.now();
  const { isTTY: isTerminal } = process.stderr;
  if (nowMs - (isTerminal ? 0 : shownAtMs) < patienceMs) return;
  shownAtMs = nowMs;
  if (isTerminal) process.stderr.write(`${afresh}${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
};

// npm runs a script in the package's folder and says here where it was called.
const folder = process.env["INIT_CWD"] ?? process.cwd();

process.exitCode = backtest(process.argv.slice(2), {
  folder,
  stdout: (text) => {
    process.stdout.write(text);
  },
  stderr: (text) => {
    process.stderr.write(text);
  },
  progress,
  writeReport: (report, path = "") => {
    const file = path === "" ? resolve(defaultReport) : path;
    writeReport(file, report);
    process.stderr.write(`The report is in ${relative(folder, file)}.\n`);
  },
});
