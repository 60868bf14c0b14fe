/** The rules of registering risk models and of changing their status. */
import { decodeCursor, encodeCursor } from "../../adapters/store/cursor.ts";
import {
  digestOfFile,
  getModel,
  listModels,
  registerModel,
  updateModel,
} from "../../adapters/store/models.ts";
import {
  judgeGraduation,
  judgeRejection,
  type StatusVerdict,
} from "../../core/decide/models/model-status.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { ModelChange, StoredModel } from "../../core/model/risk-model.ts";
import type { ModelFile } from "../../core/risk/model-file.ts";
import { defaultModelVersion, riskModels } from "../../core/risk/registry.ts";
import { onnxModel } from "../judge/risk-models.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";
import { builtInModelJson, modelJson, type ModelJson } from "./schemas/models.ts";

const taken = (version: string, what: string): ApiProblem =>
  new ApiProblem("conflict", `Risk model ${version} ${what}: choose another version.`, {
    errors: [{ field: "version", message: "is taken" }],
  });

/** What nothing is known of: a row that every model must be able to judge. */
const bareFeatures = { bandMinPercent: 0, bandMaxPercent: 5, isBandKnown: true };

/** That the ONNX runs is proved now, not in an evaluation. Throws the problem 422. */
const tryOut = async (file: ModelFile): Promise<void> => {
  if (file.kind !== "onnx") return;
  try {
    await onnxModel(file, { features: [bareFeatures], horizonHours: file.horizon_hours });
  } catch (error) {
    if (!(error instanceof SpotOptimizerError)) throw error;
    throw invalid("body", [{ field: "onnx_base64", message: error.message }]);
  }
};

const newModel = (
  file: ModelFile,
  entry: { readonly at: string; readonly by: string },
): StoredModel => ({
  version: file.version,
  kind: file.kind,
  featureVersion: file.feature_version,
  horizonHours: file.horizon_hours,
  trainedOn: file.trained_on,
  ...(file.metrics === undefined ? {} : { metrics: file.metrics }),
  status: "candidate",
  history: [{ status: "candidate", ...entry }],
  digest: digestOfFile(file),
  createdAt: entry.at,
});

/** The same file again gives the same model. Throws problems 409 (the version is another one's) and 422. */
export const addCandidate = async (
  context: ApiContext,
  file: ModelFile,
  by: string,
): Promise<StoredModel> => {
  if (riskModels.has(file.version)) throw taken(file.version, "comes with the product");
  await tryOut(file);
  const wanted = newModel(file, { at: context.now().toISOString(), by });
  const { model } = await registerModel(context.table, wanted, file);
  if (model.digest === wanted.digest) return model;
  throw taken(file.version, "is registered with another file");
};

const unknown = (version: string): ApiProblem =>
  new ApiProblem("not-found", `There is no risk model ${version}.`, {
    errors: [{ field: "version", message: "is not a risk model" }],
  });

/** Throws the problem 404. */
export const showModel = async (context: ApiContext, version: string): Promise<ModelJson> => {
  if (riskModels.has(version)) return builtInModelJson(version, version === defaultModelVersion);
  const stored = await getModel(context.table, version);
  if (stored === undefined) throw unknown(version);
  return modelJson(stored);
};

type Change = Omit<ModelChange, "at" | "by">;

const changed = (model: StoredModel, verdict: StatusVerdict, change: ModelChange): StoredModel => {
  switch (verdict.kind) {
    case "REFUSED":
      throw new ApiProblem("conflict", verdict.sentence);
    case "UNCHANGED":
      return model;
    case "CHANGE":
      return { ...model, status: change.status, history: [...model.history, change] };
  }
};

const changeStatus = async (
  context: ApiContext,
  version: string,
  input: { readonly change: ModelChange; readonly judge: (model: StoredModel) => StatusVerdict },
): Promise<StoredModel> => {
  if (riskModels.has(version)) {
    throw new ApiProblem("conflict", `Risk model ${version} comes with the product and stays.`);
  }
  if ((await getModel(context.table, version)) === undefined) throw unknown(version);
  return updateModel(context.table, version, (model) =>
    changed(model, input.judge(model), input.change),
  );
};

interface StatusRequest {
  readonly version: string;
  readonly by: string;
  readonly reason: string;
}

const entryOf = (context: ApiContext, { by, reason }: StatusRequest) => ({
  at: context.now().toISOString(),
  by,
  reason,
});

/** Throws problems 404 and 409; the latter says with figures what stands against it. */
export const graduateModel = (
  context: ApiContext,
  request: StatusRequest & { readonly force: boolean },
): Promise<StoredModel> => {
  const { version, force } = request;
  const change: Change = { status: "graduated", ...(force && { isForced: true }) };
  return changeStatus(context, version, {
    change: { ...change, ...entryOf(context, request) },
    judge: (model) => judgeGraduation(model, force),
  });
};

/** Throws problems 404 and 409. */
export const archiveModel = (context: ApiContext, request: StatusRequest): Promise<StoredModel> =>
  changeStatus(context, request.version, {
    change: { status: "archived", ...entryOf(context, request) },
    judge: judgeRejection,
  });

interface Page {
  readonly items: ModelJson[];
  readonly cursor?: string;
}

/** Cursors of this list: how many built-in ones were shown, and the table's own cursor or nothing. */
const pageCursor = (shown: number, stored: string): string => encodeCursor([String(shown), stored]);

const builtInModels: readonly ModelJson[] = [...riskModels.keys()].map((version) =>
  builtInModelJson(version, version === defaultModelVersion),
);

/** Built-in ones first, then the registered ones, oldest first. Throws BrokenInput naming `cursor`. */
export const listAllModels = async (
  context: ApiContext,
  query: { readonly limit: number; readonly cursor?: string },
): Promise<Page> => {
  const { limit } = query;
  const [shown, stored] = query.cursor === undefined ? ["0", ""] : decodeCursor(query.cursor, 2);
  const builtIn = builtInModels.slice(Number(shown), Number(shown) + limit);
  const next = Number(shown) + builtIn.length;
  if (builtIn.length === limit) return { items: builtIn, cursor: pageCursor(next, "") };
  const page = await listModels(context.table, {
    limit: limit - builtIn.length,
    ...(stored === undefined || stored === "" ? {} : { cursor: stored }),
  });
  return {
    items: [...builtIn, ...page.items.map(modelJson)],
    ...(page.cursor === undefined ? {} : { cursor: pageCursor(next, page.cursor) }),
  };
};
