/** Risk models as data: the JSON file by which a model is registered. Described in docs/models.md. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { SpotOptimizerError } from "../errors.ts";
import { featureNames, featureVersion } from "./feature-vector.ts";

export const modelFileFormat = "spot-optimizer-risk-model/1";

/** Also a part of paths and of table keys. */
export const modelVersionSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    "must be 1 to 64 characters of a-z, 0-9, dot, dash and underscore, the first a letter or digit",
  );

/** Far beyond any coefficient; keeps every sum finite. */
const figure = atFirstUse(() => z.number().min(-1e9).max(1e9));
const share = atFirstUse(() => z.number().min(0).max(1));
const count = atFirstUse(() => z.int().min(0));

const featureField = atFirstUse(() =>
  z
    .enum(featureNames, {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not a feature of ${featureVersion}; known: ${featureNames.join(", ")}`,
    })
    .meta({ description: "Name of the feature.", example: "hours_since_pool_loss" }),
);

export const modelMetricsSchema = atFirstUse(() =>
  z.strictObject({
    brier: share().meta({ description: "Mean squared error of the probability." }),
    log_loss: z.number().min(0).meta({ description: "Mean negative log-likelihood, nats." }),
    auc: share().meta({ description: "Area under the ROC curve." }),
    base_rate: share().meta({ description: "Share of the examples in which the pool was lost." }),
    reliability: z
      .array(
        z.strictObject({
          from: share().meta({ description: "Lower bound of the predicted probability." }),
          to: share().meta({ description: "Upper bound." }),
          examples: count().meta({ description: "Examples in the range." }),
          predicted: share().meta({ description: "Mean prediction." }),
          observed: share().meta({ description: "Share lost." }),
        }),
      )
      .max(100)
      .meta({ description: "Predicted against observed, by range of the prediction." }),
  }),
);
export type ModelMetrics = Readonly<z.infer<ReturnType<typeof modelMetricsSchema>>>;

export const trainedOnSchema = atFirstUse(() =>
  z
    .strictObject({
      from: z.iso.datetime().meta({ description: "First instant of the training data." }),
      to: z.iso.datetime().meta({ description: "Last instant." }),
      traces: z
        .array(z.string().min(1).max(200))
        .max(200)
        .meta({ description: "Names of the traces." }),
      examples: count().meta({ description: "How many examples." }),
    })
    .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), {
      path: ["to"],
      message: "is before from",
    }),
);

const commonFields = atFirstUse(() => ({
  format: z.literal(modelFileFormat).meta({ description: "This format and its version." }),
  version: modelVersionSchema.meta({
    description: "Unique name of the model, never used again for another one.",
    example: "streak-3",
  }),
  feature_version: z
    .literal(featureVersion, {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not the feature version of this product, which is ${featureVersion}: train the model anew`,
    })
    .meta({ description: "Version of the features that the model was trained on." }),
  // 168 h at the least step are 672 steps.
  horizon_hours: z
    .number()
    .min(0.25)
    .max(168)
    .meta({ description: "Hours that the model answers for." }),
  trained_on: trainedOnSchema().meta({ description: "What it was trained on." }),
  metrics: modelMetricsSchema()
    .exactOptional()
    .meta({ description: "Measured on a later part than was trained on. Graduation needs them." }),
}));

const termFields = atFirstUse(() => ({
  feature: featureField(),
  weight: figure().meta({ description: "Per unit of the standardised value." }),
  mean: figure().meta({ description: "Taken from the transformed value." }),
  scale: z.number().min(1e-9).max(1e9).meta({ description: "By which that is divided." }),
  missing: figure().meta({
    description: "Value of the feature, before the transform, where it is not known.",
  }),
}));

const knot = atFirstUse(() =>
  figure().meta({ description: "Where the hinge bends, or the indicator turns to 1." }),
);

const offset = atFirstUse(() =>
  z.number().min(1e-6).max(1e9).meta({
    description: "Added to the value before the logarithm: how early its growth flattens.",
  }),
);

const termSchema = atFirstUse(() =>
  z.discriminatedUnion("transform", [
    z.strictObject({ ...termFields(), transform: z.enum(["identity", "log1p"]) }),
    z.strictObject({ ...termFields(), transform: z.enum(["hinge", "indicator"]), knot: knot() }),
    z.strictObject({ ...termFields(), transform: z.literal("log"), offset: offset() }),
  ]),
);
export type LogisticTerm = Readonly<z.infer<ReturnType<typeof termSchema>>>;

const intercept = atFirstUse(() =>
  figure().meta({ description: "Log-odds before anything is added." }),
);

const besideBandSchema = atFirstUse(() =>
  z.strictObject({
    where_known: featureField().meta({
      description: "Where this feature is not known and the band is, the band stands alone.",
    }),
  }),
);

const logisticFileSchema = atFirstUse(() =>
  z.strictObject({
    ...commonFields(),
    kind: z.literal("logistic"),
    intercept: intercept(),
    beside_band: besideBandSchema().exactOptional().meta({
      description:
        "The Spot Advisor's band is a cause of loss beside the sum: 1 − (1 − band) × (1 − sum). Absent: the sum alone.",
    }),
    terms: z.array(termSchema()).max(500).meta({ description: "Summed up." }),
  }),
);
export type LogisticFile = Readonly<z.infer<ReturnType<typeof logisticFileSchema>>>;

const nodeIndex = atFirstUse(() => z.int().min(1));

const nodeSchema = atFirstUse(() =>
  z.union([
    z.strictObject({ leaf: figure().meta({ description: "Log-odds that this leaf adds." }) }),
    z.strictObject({
      feature: featureField(),
      threshold: figure().meta({ description: "A value up to this goes left." }),
      left: nodeIndex().meta({ description: "Index of the next node." }),
      right: nodeIndex().meta({ description: "Index of the next node." }),
      missing: z.enum(["left", "right"]).meta({ description: "Where an unknown value goes." }),
    }),
  ]),
);

/** Children come later in the list, so that every walk ends. */
const treeSchema = atFirstUse(() =>
  z
    .strictObject({ nodes: z.array(nodeSchema()).min(1).max(4096) })
    .superRefine(({ nodes }, check) => {
      for (const [index, node] of nodes.entries()) {
        if ("leaf" in node) continue;
        for (const side of ["left", "right"] as const) {
          if (node[side] > index && node[side] < nodes.length) continue;
          const message = `must be the index of a later node, ${String(index + 1)} to ${String(nodes.length - 1)}`;
          check.addIssue({ code: "custom", path: ["nodes", index, side], message });
        }
      }
    }),
);
export type Tree = Readonly<z.infer<ReturnType<typeof treeSchema>>>;

const treesFileSchema = atFirstUse(() =>
  z.strictObject({
    ...commonFields(),
    kind: z.literal("trees"),
    intercept: intercept(),
    trees: z
      .array(treeSchema())
      .min(1)
      .max(2000)
      .meta({ description: "One leaf of each is added." }),
    calibration: z
      .strictObject({
        a: figure().meta({ description: "By which the sum is multiplied." }),
        b: figure().meta({ description: "Added after that." }),
      })
      .exactOptional()
      .meta({ description: "Platt scaling of the sum; absent: none." }),
  }),
);
export type TreesFile = Readonly<z.infer<ReturnType<typeof treesFileSchema>>>;

/** 2.25 MiB of ONNX: with it a request stays under the 6 MB of a Lambda invocation. */
const largestOnnxBase64 = 3 * 1024 * 1024;

const onnxFileSchema = atFirstUse(() =>
  z.strictObject({
    ...commonFields(),
    kind: z.literal("onnx"),
    features: z
      .array(featureField())
      .min(1)
      .refine((names) => new Set(names).size === names.length, "names a feature twice")
      .meta({ description: "Columns of the input tensor, in order." }),
    onnx_base64: z
      .base64()
      .min(1)
      .max(largestOnnxBase64)
      .meta({ description: "The ONNX model, base64." }),
  }),
);
export type OnnxFile = Readonly<z.infer<ReturnType<typeof onnxFileSchema>>>;

export const modelFileSchema = atFirstUse(() =>
  z.discriminatedUnion("kind", [logisticFileSchema(), treesFileSchema(), onnxFileSchema()]),
);
export type ModelFile = LogisticFile | TreesFile | OnnxFile;

const faultOf = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;

/** Throws BrokenModel naming each field at fault. `name` is for the message: `risk model streak-3`. */
export const parseModelFile = (json: unknown, name: string): ModelFile => {
  const parsed = modelFileSchema().safeParse(json);
  if (parsed.success) return parsed.data;
  throw new SpotOptimizerError(
    "BrokenModel",
    `The file of ${name} is not valid: ${parsed.error.issues.map(faultOf).join("; ")}.`,
    { resource: name, nextStep: `register a corrected file under a new version.` },
  );
};
