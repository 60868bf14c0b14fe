/**
 * Nothing of the customer's is deleted with a replacement, whenever EC2 takes it back: data volumes and secondary interfaces
 * from the moment they are there, and the root of a stateful load from the first part of the identity on that clients follow. What is given
 * back has its owner's flags again, and so has what stands where it stands when the target is deleted.
 */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import type { Belongings, Lab } from "../contract.ts";
import { hasGone, isAlive, rootOf, type Promised } from "./promise.ts";

/** Clients come to it. */
const holdsPartOf = (
  { allocationIds, networkInterfaceIds, privateIps }: InstanceSummary,
  belongings: Belongings,
): boolean =>
  belongings.allocationIds.some((id) => allocationIds.includes(id)) ||
  belongings.secondaryInterfaceIds.some((id) => networkInterfaceIds.includes(id)) ||
  belongings.secondaryPrivateIps.some((ip) => privateIps.includes(ip));

/** What EC2 took has let go of all; on Spot again, all that is the load's outlives it, which is judged at each moment. */
const isJudgedAtMoments = (
  { goesBack, recovers }: Pick<Lab, "goesBack" | "recovers">,
  server: InstanceSummary | undefined,
): boolean =>
  (recovers === true && server === undefined) ||
  (goesBack !== undefined && server?.lifecycle === "spot");

export const dataOutlives: Promised = {
  atMoment: ({ original, replacements }, { subject, belongings, isForgotten }) =>
    // On-Demand again, and nothing else left: its owner has the say.
    replacements
      .filter(({ state, lifecycle }) => {
        const isBack =
          subject.goesBack !== undefined && hasGone(original) && lifecycle === undefined;
        return isAlive(state) && !isForgotten && !isBack;
      })
      .flatMap((replacement) => {
        const root = rootOf(replacement);
        const isRootNeeded = !subject.isStateless && holdsPartOf(replacement, belongings);
        const needed = [
          ...belongings.dataVolumeIds,
          ...belongings.secondaryInterfaceIds,
          ...(isRootNeeded && root !== undefined ? [root] : []),
        ];
        return replacement.deletedWithIt
          .filter((id) => needed.includes(id))
          .map((id) => `${id} would be deleted with ${replacement.instanceId}`);
      }),
  atEnd: ({ lab, ending, end, server }) => {
    const { watch, goesBack } = lab;
    const { original } = ending;
    if (isJudgedAtMoments(lab, server)) return [];
    if (goesBack !== undefined && end === "SWITCHED") {
      // Told, and kept in the target.
      if (ending.evaluation.progress.flagsNotReturned !== undefined) return [];
      const travelled = [...watch.dataVolumeIds, ...watch.secondaryInterfaceIds];
      const wanted = travelled.filter((id) => goesBack.deletedWithOwners.includes(id));
      const found = travelled.filter((id) => server?.deletedWithIt.includes(id) === true);
      return wanted.join() === found.join()
        ? []
        : [
            `its owner has ${wanted.join()} deleted with it, and with the server go ${found.join()}`,
          ];
    }
    if (end !== "AS_IT_WAS" || original === undefined) return [];
    const [before, now] = [watch.deletedWithOriginal, original.deletedWithIt];
    return [
      ...before.filter((id) => !now.includes(id)).map((id) => `${id} stays behind the original`),
      ...now.filter((id) => !before.includes(id)).map((id) => `${id} goes with the original`),
    ];
  },
};
