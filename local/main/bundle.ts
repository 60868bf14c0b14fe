/** `npm run bundle`: writes the bundle of each Lambda to dist/lambdas, as synth and deploy take them from there. */
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { fail, runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run bundle --",
  usage: `Usage: npm run bundle

Bundles every Lambda into dist/lambdas. \`npm run synth\` and \`npm run deploy\` do it first.

  --help  print this

Example: npm run bundle

Exit code: 0 written, 1 the sources can't be bundled, 2 wrong usage.
`,
  schema: z.object({}),
});

const bundle = async (terminal: Terminal): Promise<ExitCode> => {
  // Loaded only where something is bundled: who asks for help, or mistypes, is answered at once.
  const { bundleLambdas } = await import("../../infra/bundle.ts");
  const { functionNames } = await import("../../lambdas/access/functions.ts");
  try {
    await bundleLambdas();
  } catch (error) {
    return fail(terminal, error);
  }
  terminal.stdout(`Bundled ${String(functionNames.length)} functions into dist/lambdas.\n`);
  return 0;
};

await runMain(process, (args, terminal) =>
  runCommand(commandLine, { args, terminal }, () => bundle(terminal)),
);
