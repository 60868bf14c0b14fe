/**
 * While something is changed for an original it carries our claim, so that another deployment sees that one works on it; when the
 * evaluation has come to its end, neither it nor what took over does.
 */
import { claimTag, retireAfterTag } from "../../../core/model/tags.ts";
import { isKept, type Promised } from "./promise.ts";

/** The first that is made, and what can't be taken back. */
const needsClaim: ReadonlySet<string> = new Set([
  "CreateImage",
  "RunInstances",
  "StopInstances",
  "DetachVolume",
]);

const isForward = (by: string | undefined): boolean =>
  by?.startsWith("linear-") === true && by !== "linear-roll-back";

export const claimsStand: Promised = {
  ofCall: ({ operation }, { by, subject, instances }) => {
    if (!isForward(by) || !needsClaim.has(operation)) return undefined;
    // What EC2 has taken nobody works on.
    if (subject.recovers === true) return undefined;
    const original = instances.find(({ instanceId }) => instanceId === subject.originalId);
    // One that is retired rests: what is done since is done for what took over from it.
    const isRetired = original?.tags[retireAfterTag] !== undefined;
    return original === undefined || isRetired || original.tags[claimTag] !== undefined
      ? undefined
      : `${operation} by ${String(by)}, and ${subject.originalId} carries no claim`;
  },
  atEnd: ({ ending: { original }, end, server }) =>
    end !== "SWITCHED" && end !== "AS_IT_WAS"
      ? []
      : [original, server].flatMap((instance) => {
          const claim = instance?.tags[claimTag];
          return instance === undefined || claim === undefined || !isKept(instance.state)
            ? []
            : [`the claim ${claim} is left on ${instance.instanceId}`];
        }),
};
