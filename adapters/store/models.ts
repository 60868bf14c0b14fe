/** Registered risk models: a record with the status, and the file apart from it. A version is never deleted. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/canonical.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { storedModelSchema, type StoredModel } from "../../core/model/risk-model.ts";
import { parseModelFile, type ModelFile } from "../../core/risk/model-file.ts";
import { loadBlob, saveBlob } from "./blobs.ts";
import { modelFileKey, modelKey, modelsPartition } from "./keys.ts";
import { parseStored, parseToStore, sortableInstant } from "./parsed-data.ts";
import type { Item, Table } from "./table.ts";
import { updateItem } from "./update-item.ts";

export interface ModelPage {
  readonly items: readonly StoredModel[];
  readonly cursor?: string;
}

const nameOf = (version: string): string => `risk model ${version}`;

const read = (item: Item): StoredModel =>
  parseStored(storedModelSchema(), item.data, nameOf(item.pk.slice("MODEL#".length)));

const toItem = (model: StoredModel, version: number): Item => ({
  ...modelKey(model.version),
  version,
  gsi1pk: modelsPartition,
  gsi1sk: `${sortableInstant(model.createdAt, "createdAt")}#${model.version}`,
  data: parseToStore(storedModelSchema(), model, nameOf(model.version)),
});

/** SHA-256 of the canonical JSON, hexadecimal: two spellings of one file are the same file. */
export const digestOfFile = (file: ModelFile): string => hash("sha256", canonicalJson(file));

/** @throws BrokenFacts naming the model if what is stored does not parse. */
export const getModel = async (table: Table, version: string): Promise<StoredModel | undefined> => {
  const item = await table.get(modelKey(version));
  return item === undefined ? undefined : read(item);
};

export interface ModelRegistration {
  /** TAKEN: `model` is what stands under the version, whatever was sent. */
  readonly kind: "REGISTERED" | "TAKEN";
  readonly model: StoredModel;
}

/** The file first: whoever finds a record finds its file. @throws BrokenInput, RetryableContention. */
export const registerModel = async (
  table: Table,
  model: StoredModel,
  file: ModelFile,
): Promise<ModelRegistration> => {
  const existing = await getModel(table, model.version);
  if (existing !== undefined) return { kind: "TAKEN", model: existing };
  const key = modelFileKey(model.version, model.digest);
  await saveBlob(table, key, { info: null, body: file });
  const { kind } = await table.put(toItem(model, 1), { ifAbsent: true });
  if (kind === "WRITTEN") return { kind: "REGISTERED", model };
  const first = await getModel(table, model.version);
  return { kind: "TAKEN", model: first ?? model };
};

/** @throws BrokenModel if this version of the product doesn't read the file; BrokenFacts if it is absent or damaged. */
export const loadModelFile = async (table: Table, model: StoredModel): Promise<ModelFile> => {
  const { version, digest } = model;
  const blob = await loadBlob(table, modelFileKey(version, digest));
  if (blob === undefined) {
    throw new SpotOptimizerError("BrokenFacts", `The file of ${nameOf(version)} is gone.`, {
      resource: nameOf(version),
    });
  }
  return parseModelFile(blob.body, nameOf(version));
};

/** @throws BrokenNotFound, BrokenFacts, BrokenInput, RetryableContention; all name the model. */
export const updateModel = (
  table: Table,
  version: string,
  change: (model: StoredModel) => StoredModel,
): Promise<StoredModel> =>
  updateItem(table, modelKey(version), { name: nameOf(version), read, change, toItem });

/** Oldest first. @throws BrokenInput naming `cursor` or `limit`; BrokenFacts naming the model. */
export const listModels = async (
  table: Table,
  input: { readonly limit: number; readonly cursor?: string },
): Promise<ModelPage> => {
  const page = await table.query({ index: "gsi1", partition: modelsPartition, ...input });
  return { ...page, items: page.items.map(read) };
};
