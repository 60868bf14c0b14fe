/**
 * Await detached: no volume of a pod that has moved is attached to the old node. An instance that ends with one attached keeps it for six minutes; after as many the step
 * goes on and says so, for the node is empty.
 */
import type * as z from "zod";
import { readClusterView } from "../../../adapters/kubernetes/view.ts";
import { listAttachmentsOfNode } from "../../../adapters/kubernetes/volumes.ts";
import { awaitedAttachments } from "../../../core/decide/kubernetes/detached.ts";
import { paces } from "../../../core/decide/kubernetes/paces.ts";
import { counted } from "../../../core/decide/offers/figures.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import {
  defineEvaluationStep,
  evaluationInputSchema,
  pollingOutput,
} from "../../evaluation/evaluation-step.ts";
import { waitFor } from "../../evaluation/waiting.ts";
import { nodeThat, roundOf } from "../round.ts";
import { connect, type KubernetesResult } from "../session.ts";

const outputSchema = pollingOutput(["DETACHED", "WAITING"]);
type Result = KubernetesResult<z.infer<typeof outputSchema>>;

/** As long as the controller of attachments itself waits for an unmount. Source: kube-controller-manager, maxWaitForUnmountDuration. */
const detachMinutes = 6;

export const awaitDetachedStep = defineEvaluationStep({
  name: "await-detached",
  clients: ["eks", "kubernetes"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: outputSchema,
  run: async (session): Promise<Result> => {
    const round = roundOf(session);
    const { name: nodeName } = nodeThat(session, "original");
    const { client } = await connect(session);
    const [view, attachments] = await Promise.all([
      readClusterView(client),
      listAttachmentsOfNode(client, nodeName),
    ]);
    const awaited = awaitedAttachments({ nodeName, attachments, view });
    const none: Result = {
      output: {
        kind: "DETACHED",
        summary: `No volume that has to move is attached to ${nodeName}.`,
      },
      round,
    };
    if (awaited.length === 0) return none;
    const named = awaited.map(({ persistentVolumeName, name }) => persistentVolumeName ?? name);
    const sentence = `${counted(awaited.length, "volume")} still attached to ${nodeName}: ${named.join(", ")}.`;
    try {
      const waiting = waitFor(session, {
        phase: "detach",
        round,
        minutes: detachMinutes,
        pace: paces.detach,
        sentence,
        resource: nodeName,
      });
      return { ...waiting, round };
    } catch (error) {
      if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenDeadline") throw error;
      const summary = `${sentence} It was waited for ${String(detachMinutes)} minutes: the node is empty, and goes.`;
      return { output: { kind: "DETACHED", summary }, round };
    }
  },
});
