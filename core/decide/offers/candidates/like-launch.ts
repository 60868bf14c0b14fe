/** Can the type be launched with what the original has? Its own type always can; types of which it is not known are taken. */
import type { CpuOptionsFacts } from "../../../model/market.ts";
import type { TypeRule } from "./type-rule.ts";

/** An interface beyond the first takes the place of a volume where the limit is shared. */
const enoughAttachments: TypeRule = ({ type, need }) => {
  if (type.attachments === undefined) return undefined;
  const { volumes: limit, isShared } = type.attachments;
  const taken = isShared ? Math.max(0, need.interfaces - 1) : 0;
  if (need.volumes + taken <= limit) return undefined;
  const beside = taken === 0 ? "" : ` beside ${String(need.interfaces)} network interfaces`;
  return {
    code: "TYPE_UNLIKE_ATTACHMENTS",
    sentence: `takes ${String(limit - taken)} EBS volumes${beside}, the original uses ${String(need.volumes)}`,
  };
};

const enoughIpv6: TypeRule = ({ type, need }) =>
  type.ipv6PerInterface === undefined || type.ipv6PerInterface >= need.ipv6PerInterface
    ? undefined
    : {
        code: "TYPE_UNLIKE_ADDRESSES",
        sentence: `takes ${String(type.ipv6PerInterface)} IPv6 addresses per interface, the original uses ${String(need.ipv6PerInterface)} on one`,
      };

const spellCpu = ({ coreCount, threadsPerCore }: CpuOptionsFacts): string =>
  `${String(coreCount)} cores of ${String(threadsPerCore)} threads`;

/** Somebody chose them, for a licence or a benchmark. They belong to a type. */
const keepsCpuOptions: TypeRule = ({ type, original, need }) => {
  const { cpuOptions: chosen } = need;
  const { defaultCpu } = original;
  if (chosen === undefined || defaultCpu === undefined) return undefined;
  if (spellCpu(chosen) === spellCpu(defaultCpu)) return undefined;
  return {
    code: "TYPE_UNLIKE_CPU_OPTIONS",
    sentence: `can't be given the original's CPU options (${spellCpu(chosen)}), which belong to ${original.instanceType} (${spellCpu(defaultCpu)} by default): ${type.instanceType} would have others`,
  };
};

const fitsPlacementGroup: TypeRule = ({ type, need }) => {
  const { placementStrategy: strategy } = need;
  if (strategy === undefined || type.placementStrategies?.includes(strategy) !== false) {
    return undefined;
  }
  return {
    code: "TYPE_UNLIKE_PLACEMENT",
    sentence: `can't be in a ${strategy} placement group, as the original is`,
  };
};

const hasTpm: TypeRule = ({ type, need }) =>
  need.needsTpm && type.nitroTpm === false
    ? {
        code: "TYPE_UNLIKE_TPM",
        sentence: "has no NitroTPM, which the original's image asks for",
      }
    : undefined;

const takesGuest: TypeRule = ({ type, need }) =>
  need.lacksEna && type.requiresEna === true
    ? {
        code: "TYPE_UNLIKE_NETWORK",
        sentence: "needs an ENA driver, and EC2 knows of none in the original (EnaSupport)",
      }
    : undefined;

const encryptsTraffic: TypeRule = ({ type, original }) =>
  original.encryptsTraffic === true && type.encryptsTraffic === false
    ? {
        code: "TYPE_UNLIKE_NETWORK",
        sentence: "does not encrypt its traffic with other instances, as the original's type does",
      }
    : undefined;

/** Not asked of the original's own type, on which it stands. */
const ofOthers =
  (rule: TypeRule): TypeRule =>
  (comparison) =>
    comparison.type.instanceType === comparison.original.instanceType
      ? undefined
      : rule(comparison);

export const launchRules: readonly TypeRule[] = [
  enoughAttachments,
  enoughIpv6,
  keepsCpuOptions,
  fitsPlacementGroup,
  hasTpm,
  takesGuest,
  encryptsTraffic,
].map(ofOthers);
