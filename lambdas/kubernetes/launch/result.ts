/** What the launch of a node answers, whichever kind of group it is of. */
import type * as z from "zod";
import { pollingOutput } from "../../evaluation/evaluation-step.ts";
import type { KubernetesResult } from "../session.ts";

export const launchOutput = pollingOutput(["LAUNCHED", "WAITING", "NONE"]);
export type LaunchResult = KubernetesResult<z.infer<typeof launchOutput>>;
