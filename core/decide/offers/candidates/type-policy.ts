/** Types that policy or the market's own terms leave out, however good they are. */
import type { AcceleratorFacts, InstanceTypeFacts } from "../../../model/market.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { entryFor, unlessAllowed, unlessNamed } from "./allowed-types.ts";
import { spellAccelerators, spellGpus } from "./like-original.ts";
import type { TypeRule } from "./type-rule.ts";

export const isSoldOnSpot: TypeRule = ({ type }) =>
  type.supportsSpot ? undefined : { code: "TYPE_NOT_SPOT", sentence: "is not sold as Spot" };

const isNotExcluded: TypeRule = ({ type, policy }) => {
  const entry = entryFor(type, policy.excludedTypes);
  if (entry === undefined) return undefined;
  return {
    code: "TYPE_EXCLUDED_BY_POLICY",
    sentence: `is excluded by the policy's ${limitName("excludedTypes")} (${entry})`,
  };
};

/** Replacing the root volume does not work on bare metal, and its start takes far longer than healthyDeadlineMinutes. */
const isVirtual: TypeRule = ({ type }) =>
  type.bareMetal
    ? {
        code: "TYPE_BARE_METAL",
        sentence: "is bare metal, on which a root volume can't be replaced",
      }
    : undefined;

/** Its own type, and what is as new, is good enough for the original. Types that count otherwise can't be compared by age. */
const isAsNewAs = (type: InstanceTypeFacts, original: InstanceTypeFacts): boolean =>
  type.generation !== undefined &&
  type.generation.scale === original.generation?.scale &&
  type.generation.number >= original.generation.number;

const isOfCurrentGeneration: TypeRule = ({ type, original, policy }) =>
  type.currentGeneration || policy.allowPreviousGeneration || isAsNewAs(type, original)
    ? undefined
    : {
        code: "TYPE_PREVIOUS_GENERATION",
        sentence: `is of a previous generation, older than the original's, and ${limitName("allowPreviousGeneration")} is not set`,
      };

const isNotBurstable: TypeRule = ({ type, original, policy }) =>
  !type.burstable || original.burstable || policy.allowBurstable
    ? undefined
    : {
        code: "TYPE_BURSTABLE",
        sentence: `is burstable, the original is not, and ${limitName("allowBurstable")} is not set`,
      };

const timesOriginal = (figure: number, original: number): string =>
  (figure / original).toFixed(1).replace(/\.0$/, "");

const hasKind = ({ accelerators }: InstanceTypeFacts, wanted: AcceleratorFacts["kind"]): boolean =>
  accelerators?.some(({ kind }) => kind === wanted) ?? false;

/** A GPU or accelerator that the original lacks is oversize too: another Spot quota, and a price that is paid for nothing. */
const isNotOversized: TypeRule = ({ type, original, policy }) => {
  const code = "TYPE_OVERSIZED";
  const times = `more than the ${String(policy.maxOversize)} times of ${limitName("maxOversize")}`;
  if (type.vcpu > original.vcpu * policy.maxOversize) {
    return {
      code,
      sentence: `has ${timesOriginal(type.vcpu, original.vcpu)} times the vCPU of the original (${String(type.vcpu)} to ${String(original.vcpu)}), ${times}`,
    };
  }
  if (type.memoryMib > original.memoryMib * policy.maxOversize) {
    return {
      code,
      sentence: `has ${timesOriginal(type.memoryMib, original.memoryMib)} times the memory of the original (${String(type.memoryMib)} to ${String(original.memoryMib)} MiB), ${times}`,
    };
  }
  if (original.gpuCount === 0 && type.gpuCount > 0) {
    return { code, sentence: `has ${spellGpus(type)}, the original has no GPU` };
  }
  const extra = (type.accelerators ?? []).filter(({ kind }) => !hasKind(original, kind));
  if (extra.length === 0) return undefined;
  return { code, sentence: `has ${spellAccelerators(extra)}, the original has none` };
};

/** Judged before the comparison with the original. */
export const policyRulesBeforeLikeness: readonly TypeRule[] = [
  isSoldOnSpot,
  isNotExcluded,
  isVirtual,
  unlessNamed(isOfCurrentGeneration),
  unlessNamed(isNotBurstable),
];

/** Judged after it: of a type that is too small in one way and too large in another, the lack is the reason. */
export const policyRulesAfterLikeness: readonly TypeRule[] = [unlessAllowed(isNotOversized)];
