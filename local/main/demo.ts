/** `npm run demo`: the product at work on a simulated AWS, told as stories. */
import { demoCommandLine } from "../demo/options.ts";
import { runCommand } from "../terminal/command-line.ts";
import { runMain } from "../terminal/terminal.ts";

await runMain(process, (args, terminal) =>
  runCommand(demoCommandLine(terminal.folder), { args, terminal }, async (options) => {
    // Loaded only where it is told: who asks for help, or mistypes, is answered at once.
    const { runDemo } = await import("../demo/demo.ts");
    return runDemo(options, terminal);
  }),
);
