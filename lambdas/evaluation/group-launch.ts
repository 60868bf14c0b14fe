/** What the launch of another member of a group takes: as the group would launch it by now, which must be what was judged. */
import { readTemplate, type TemplateReading } from "../../adapters/aws/ec2/launch-template.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { GroupFacts } from "../../core/model/group.ts";
import { spellTemplate } from "../../core/model/group-template.ts";
import type { Pool } from "../../core/model/market.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { SwapChange } from "./evaluation-step.ts";
import { readMarketFacts } from "./facts.ts";
import type { LaunchAnswer, LaunchParts } from "./launch-offer.ts";
import type { EvaluationSession } from "./session.ts";
import { changeSwap, giveUp } from "./swap-changes.ts";

/** Two members of one run never differ: what the group would launch by now must be what was judged. @throws StaleOriginal */
const sameTemplate = (
  { asgName, template }: GroupFacts,
  now: TemplateReading | undefined,
): NonNullable<TemplateReading["launch"]> => {
  const [judged, found] = [template, now?.facts].map((one) =>
    one === undefined ? "none" : spellTemplate(one),
  );
  const launch = now?.launch;
  if (launch !== undefined && judged === found) return launch;
  throw new SpotOptimizerError(
    "StaleOriginal",
    `Group ${asgName} would launch from ${String(found)} by now; judged was ${String(judged)}.`,
    { resource: asgName, nextStep: "Nothing: the next evaluation goes by the new template." },
  );
};

/** Read once in an invocation, and only when there is something to launch. */
export const partsOfGroup = (
  session: EvaluationSession<PipelineMode, "ec2">,
  group: GroupFacts,
): (() => Promise<LaunchParts>) => {
  let reading: Promise<LaunchParts> | undefined;
  const read = async (): Promise<LaunchParts> => {
    const { ec2 } = await session.customer();
    const now =
      group.launchTemplate === undefined
        ? undefined
        : await readTemplate(ec2, group.launchTemplate);
    const { blueprint, image } = sameTemplate(group, now);
    const { market } = await readMarketFacts(session);
    // Attaching checks the zone alone: only the group's own subnets are where it would launch.
    const subnetsOf = (pool: Pool) =>
      market.subnets
        .filter(
          ({ subnetId, zoneId, freeAddresses }) =>
            group.subnetIds.includes(subnetId) && zoneId === pool.zoneId && freeAddresses > 0,
        )
        .toSorted(
          (one, other) =>
            other.freeAddresses - one.freeAddresses || one.subnetId.localeCompare(other.subnetId),
        );
    return {
      blueprint: { ...blueprint, tags: { ...blueprint.tags, ...group.propagatedTags } },
      image,
      subnetsOf,
    };
  };
  return () => (reading ??= read());
};

/** What the answer to its launch makes of a swap; one that no pool gives capacity for is given up alone. */
export const launchNoted = (swap: Swap, answer: LaunchAnswer): SwapChange => {
  switch (answer.kind) {
    case "LAUNCHED": {
      const { instanceId, pool } = answer;
      const sentence = `${instanceId} was launched (${pool.instanceType} in ${pool.zoneId}) for ${swap.originalId}.`;
      return changeSwap(swap, {
        stage: "LAUNCHED",
        replacement: { instanceId, pool },
        sentence,
      });
    }
    case "NEXT_OFFER": {
      const { failure } = answer;
      const { instanceType, zoneId } = failure.pool;
      const sentence = `${instanceType} in ${zoneId} gave nothing (${failure.code}).`;
      return changeSwap(swap, { failed: [...swap.failed, failure], sentence });
    }
    case "EXHAUSTED":
      return giveUp(swap, answer.sentence);
  }
};
