/** `node local/main/docs.ts`: writes the generated sections of the pages from the code. A test says if they are out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { generatedSections, withSections } from "../docs/generated-sections.ts";

for (const page of Object.keys(generatedSections)) {
  const file = new URL(`../../${page}`, import.meta.url);
  const text = readFileSync(file, "utf8");
  const written = withSections(page, text);
  if (written !== text) writeFileSync(file, written);
  process.stdout.write(`${page}: ${written === text ? "up to date" : "written"}\n`);
}
