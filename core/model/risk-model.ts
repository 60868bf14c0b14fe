/** Registered risk models: what is kept of each beside its file. */
import * as z from "zod";
import { atFirstUse } from "../at-first-use.ts";
import { modelMetricsSchema, modelVersionSchema, trainedOnSchema } from "../risk/model-file.ts";

export const modelStatuses = [
  /** Registered: may judge targets of LAB accounts. */
  "candidate",
  /** May judge any target. */
  "graduated",
  /** No longer judges anything; kept for replays. */
  "archived",
] as const;
export type ModelStatus = (typeof modelStatuses)[number];

export const storedModelKinds = ["logistic", "trees", "onnx"] as const;

const modelChangeSchema = atFirstUse(() =>
  z.strictObject({
    status: z.enum(modelStatuses),
    at: z.iso.datetime(),
    /** Who, as the audit names them. */
    by: z.string(),
    /** Absent for the registration. */
    reason: z.string().exactOptional(),
    /** Graduated although its metrics speak against it. */
    isForced: z.literal(true).exactOptional(),
  }),
);
export type ModelChange = Readonly<z.infer<ReturnType<typeof modelChangeSchema>>>;

export const storedModelSchema = atFirstUse(() =>
  z.strictObject({
    version: modelVersionSchema,
    kind: z.enum(storedModelKinds),
    featureVersion: z.string(),
    horizonHours: z.number(),
    trainedOn: trainedOnSchema(),
    metrics: modelMetricsSchema().exactOptional(),
    status: z.enum(modelStatuses),
    /** Oldest first; the first is the registration, the last gives the status. */
    history: z.array(modelChangeSchema()).min(1),
    /** SHA-256 of the file as canonical JSON, hexadecimal. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    createdAt: z.iso.datetime(),
  }),
);
export type StoredModel = Readonly<z.infer<ReturnType<typeof storedModelSchema>>>;

/** A model as a rule sees it. `unknown`: nothing is registered under the version. */
export interface ModelStanding {
  readonly version: string;
  readonly status: ModelStatus | "unknown";
}
