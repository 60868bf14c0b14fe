/** The samples of stored items, one of each kind with every field, as the store's tests keep them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Attributes } from "../../adapters/store/attribute-values.ts";
import { itemSchemaVersion } from "../../adapters/store/schema.ts";

const folder = join(
  import.meta.dirname,
  `../../test/adapters/store/fixtures/v${String(itemSchemaVersion)}`,
);

const sampleSchema = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });

/** Bytes stand in base64. */
const withBytes = (name: string, value: unknown): unknown =>
  name === "B" && typeof value === "string" ? Buffer.from(value, "base64") : value;

export const readSamples = (): readonly Attributes[] =>
  readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    return sampleSchema.parse(JSON.parse(text, withBytes)).rows as Attributes[];
  });
