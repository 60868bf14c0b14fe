/** What verdicts of sweeps rest on, each part once under its digest in the place of its target. It never changes, and is never overwritten. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Place } from "../../core/model/place.ts";
import { loadSettledBlob, saveBlob } from "./blobs.ts";
import { judgedBodyKey } from "./keys.ts";
import type { Table } from "./table.ts";

/** SHA-256 of canonical JSON, base64url. */
export const digestOf = (body: unknown): string => hash("sha256", canonicalJson(body), "base64url");

export const saveJudgedBody = async (
  table: Table,
  place: Place,
  { digest, body }: { readonly digest: string; readonly body: unknown },
): Promise<void> => {
  const key = judgedBodyKey(place, digest);
  // What stands under its own digest need not be written again.
  if ((await table.get(key, "EVENTUAL")) === undefined) {
    await saveBlob(table, key, { info: null, body });
  }
};

/** @throws BrokenFacts naming the item if it is absent or damaged */
export const loadJudgedBody = async (
  table: Table,
  place: Place,
  digest: string,
): Promise<unknown> => {
  const key = judgedBodyKey(place, digest);
  const blob = await loadSettledBlob(table, key);
  if (blob !== undefined) return blob.body;
  const resource = `${key.pk}/${key.sk}`;
  throw new SpotOptimizerError(
    "BrokenFacts",
    `What a verdict rests on (${resource}) is not stored.`,
    {
      resource,
    },
  );
};
