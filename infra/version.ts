/** The product's version, from package.json. */
import { readFileSync } from "node:fs";
import * as z from "zod";

export const readVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))).version;
