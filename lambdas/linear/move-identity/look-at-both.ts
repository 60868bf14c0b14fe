/** Reads the replacement, and by the same call the original: that this rests is known for a while then. */
import { showInstances } from "../../../adapters/aws/ec2/instances.ts";
import { isAwake } from "../guards.ts";
import type { Show } from "../keep-attachments.ts";
import { replacementId, type LinearSession } from "../session.ts";

interface Both {
  /** The replacement. */
  readonly show: Show;
  /** When the original was seen at rest, if it was so at the last reading; in milliseconds since the epoch. */
  readonly restedMs: () => number | undefined;
}

export const lookAtBoth = (session: LinearSession): Both => {
  const { context, evaluation } = session;
  const originalId = evaluation.subject.instanceId;
  let restedMs: number | undefined;
  return {
    show: async () => {
      const askedMs = context.now().getTime();
      const { ec2 } = await session.customer();
      const instanceId = replacementId(session);
      const found = await showInstances(ec2, [instanceId, originalId]);
      restedMs = isAwake(found.get(originalId)?.state) ? undefined : askedMs;
      return found.get(instanceId);
    },
    restedMs: () => restedMs,
  };
};
