/** The pipeline modes: each has a workflow of its own. */
import * as z from "zod";

export const pipelineModeSchema = z.enum(["LINEAR", "CLUSTER", "KUBERNETES"]);
export type PipelineMode = z.infer<typeof pipelineModeSchema>;
