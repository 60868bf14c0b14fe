/** `npm run docs`: writes the generated sections of the pages from the code. A test says if they are out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { runMain, type ExitCode, type Terminal } from "../terminal/terminal.ts";

const commandLine = defineCommandLine({
  command: "npm run docs --",
  usage: `Usage: npm run docs

Writes the generated sections of the pages from the code, and docs/demo.svg from what the demo prints.

  --help  print this

Example: npm run docs

Exit code: 0 all are up to date now, 2 wrong usage.
`,
  schema: z.object({}),
});

const writeSections = async ({ stdout }: Terminal): Promise<ExitCode> => {
  // Loaded only where something is written: who asks for help, or mistypes, is answered at once.
  const { generatedSections, withSections } = await import("../docs/generated-sections.ts");
  for (const page of Object.keys(generatedSections)) {
    const file = new URL(`../../${page}`, import.meta.url);
    const text = readFileSync(file, "utf8");
    const written = await withSections(page, text);
    if (written !== text) writeFileSync(file, written);
    stdout(`${page}: ${written === text ? "up to date" : "written"}\n`);
  }
  const { demoPicture } = await import("../docs/demo-excerpt.ts");
  writeFileSync(new URL("../../docs/demo.svg", import.meta.url), await demoPicture());
  const { manifests } = await import("../docs/cluster-role.ts");
  for (const [path, manifest] of Object.entries(manifests)) {
    writeFileSync(new URL(`../../${path}`, import.meta.url), manifest);
  }
  return 0;
};

await runMain(process, (args, terminal) =>
  runCommand(commandLine, { args, terminal }, () => writeSections(terminal)),
);
