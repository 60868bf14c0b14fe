/** Bodies of the model calls. */
import * as z from "../zod.ts";
import {
  modelStatuses,
  storedModelKinds,
  type StoredModel,
} from "../../../core/model/risk-model.ts";
import {
  modelFileSchema,
  modelMetricsSchema,
  modelVersionSchema,
  trainedOnSchema,
} from "../../../core/risk/model-file.ts";
import { snakeKeys } from "../letter-case.ts";
import { pageOf, pageQuery, timeField } from "./common.ts";

const versionField = modelVersionSchema.meta({
  description: "Version of the risk model.",
  example: "streak-3",
});

export const modelParams = z.strictObject({ version: versionField });
export const modelListQuery = z.strictObject(pageQuery);

export const registerModelSchema = modelFileSchema().meta({
  id: "ModelFile",
  description:
    "A model file: a logistic model, boosted trees, or ONNX in base64. See docs/models.md.",
});

const reasonField = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .meta({ description: "Why, for those who read the history.", example: "Best of the backtest" });

export const graduateModelSchema = z
  .strictObject({
    reason: reasonField,
    force: z.boolean().exactOptional().meta({
      description: "Also when the Brier score does not beat always saying the base rate.",
    }),
  })
  .meta({ id: "GraduateModel", description: "Lets a candidate judge targets of any account." });

export const rejectModelSchema = z
  .strictObject({ reason: reasonField })
  .meta({ id: "RejectModel", description: "Archives a model: it no longer judges anything." });

export const assignModelSchema = z
  .strictObject({
    model_version: versionField
      .nullable()
      .meta({ description: "Version to judge with; null: the default one.", example: "streak-3" }),
  })
  .meta({ id: "AssignModel", description: "The risk model of a target." });

const statusField = z.enum(modelStatuses).meta({
  description:
    "candidate: for targets of LAB accounts only. graduated: for any. archived: no longer judges anything.",
});

const changeSchema = z
  .strictObject({
    status: statusField,
    at: timeField("When."),
    by: z.string().meta({ description: "Who." }),
    reason: z.string().exactOptional().meta({ description: "Why; absent for the registration." }),
    is_forced: z
      .literal(true)
      .exactOptional()
      .meta({ description: "Graduated although its metrics speak against it." }),
  })
  .meta({ id: "ModelChange", description: "A change of a model's status." });

export const modelSchema = z
  .strictObject({
    version: z.string().meta({ description: "Version of the risk model.", example: "streak-3" }),
    kind: z
      .enum(["built-in", ...storedModelKinds])
      .meta({ description: "built-in: comes with the product, always graduated." }),
    status: statusField,
    is_default: z.boolean().meta({ description: "Judges targets to which none is assigned." }),
    feature_version: z.string().exactOptional().meta({ description: "Of its features." }),
    horizon_hours: z
      .number()
      .exactOptional()
      .meta({ description: "Hours that it answers for by itself; other horizons follow from it." }),
    trained_on: trainedOnSchema().exactOptional().meta({ description: "What it was trained on." }),
    metrics: modelMetricsSchema().exactOptional().meta({ description: "As its file has them." }),
    history: z.array(changeSchema).meta({ description: "Changes of status, oldest first." }),
    digest: z
      .string()
      .exactOptional()
      .meta({ description: "SHA-256 of the file as canonical JSON, hexadecimal." }),
    created_at: timeField("When it was registered.").exactOptional(),
  })
  .meta({ id: "Model", description: "A risk model; a built-in one has neither file nor history." });
export type ModelJson = z.infer<typeof modelSchema>;

export const modelPageSchema = pageOf(modelSchema, "ModelPage");

export const modelJson = (model: StoredModel): ModelJson => ({
  ...snakeKeys(model),
  is_default: false,
});

export const builtInModelJson = (version: string, isDefault: boolean): ModelJson => ({
  version,
  kind: "built-in",
  status: "graduated",
  is_default: isDefault,
  history: [],
});
