/** Writes the sample files anew: `npm run samples`. */
import { writeFileSync } from "node:fs";
import { sampleContents } from "./contents.ts";

for (const [name, bytes] of Object.entries(sampleContents())) {
  writeFileSync(new URL(name, import.meta.url), bytes);
}
