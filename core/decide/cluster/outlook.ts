/**
 * What the owner of a group should know before its first swap: what later happens to it by itself, and whether another way suits it better. A
 * conversion changes who is in the group, and nothing that it launches.
 * Sources: EC2 Auto Scaling user guide, "Health checks", "Instance refresh", "Instance maintenance policies", "Maximum instance lifetime",
 * "Termination policies"; CloudFormation user guide, "UpdatePolicy attribute".
 */
import { isOnSpot, type GroupFacts } from "../../model/group.ts";
import { counted, percent } from "../offers/figures.ts";
import { codeOwnerOf } from "../switch/owner-lists.ts";

type Told = (group: GroupFacts) => string | undefined;

const secondsPerDay = 86_400;

/** One batch at a time: † from so many on a policy of the group itself gets there sooner. */
const manyMembers = 50;

const launchesOnDemand: Told = () =>
  "what the group launches by itself, at a scale-out, a failed health check, an interruption or an instance refresh, is On-Demand until the next evaluation";

/**
 * They are launched by what the template says, and not by naming it. AWS skips "instances that have the same launch template and instance types" at a refresh (API reference,
 * RefreshPreferences, SkipMatching), and lets "instances that use outdated configurations" leave first (user guide, "How the default termination policy works"). † What is said
 * of a member without a template: neither names it.
 */
const withoutTemplate: Told = ({ settings: { terminationPolicies } }) => {
  const policies = terminationPolicies.length === 0 ? ["Default"] : terminationPolicies;
  const policy = policies.find((name) => name === "Default" || name === "OldestLaunchTemplate");
  const first =
    policy === undefined
      ? ""
      : `, and a scale-in by termination policy ${policy} may end them before On-Demand ones`;
  return `Auto Scaling shows no launch template of members that we bring: what compares templates takes them for outdated, an instance refresh with skip matching replaces them as well${first}`;
};

const stackUpdate: Told = ({ stack }) =>
  stack === undefined
    ? undefined
    : `an update of stack ${stack.name} may count Spot members as outdated, if its template has a rolling or replacing update policy, which is not read`;

const otherCode: Told = ({ tags, stack }) => {
  const owner = codeOwnerOf(tags);
  return owner === undefined || stack !== undefined
    ? undefined
    : `a run of ${owner.name} while a batch goes on sets the raised maximum back, and members end`;
};

const lifetime: Told = ({ settings: { maxInstanceLifetimeSeconds: seconds } }) =>
  seconds === undefined
    ? undefined
    : `members older than ${counted(Math.round(seconds / secondsPerDay), "day")} are replaced On-Demand (MaxInstanceLifetime)`;

const maintenance: Told = ({ settings: { maintenance: policy } }) =>
  policy === undefined
    ? undefined
    : `AWS does not keep its maintenance policy (at least ${percent(policy.minHealthyPercentage)} healthy) for a Spot interruption`;

const later: readonly Told[] = [
  launchesOnDemand,
  withoutTemplate,
  stackUpdate,
  otherCode,
  lifetime,
  maintenance,
];

const ways: readonly Told[] = [
  ({ tags }) => {
    const owner = codeOwnerOf(tags);
    return (
      owner &&
      `Its definition belongs to ${owner.name}: a mixed-instances policy there lasts, which this conversion does not.`
    );
  },
  ({ members }) =>
    members.length <= manyMembers
      ? undefined
      : `With ${String(members.length)} members a mixed-instances policy of the group suits it better, its On-Demand base lowered step by step.`,
];

/** What happens to a converted group by itself, in clauses. */
export const laterOf = (group: GroupFacts): readonly string[] =>
  later.flatMap((tell) => tell(group) ?? []);

/** Undefined once a member stands on Spot: it was told before. */
export const outlookOf = (group: GroupFacts | undefined): string | undefined => {
  if (group === undefined || group.members.some(isOnSpot)) return undefined;
  const [way] = ways.flatMap((tell) => tell(group) ?? []);
  const advice = way === undefined ? "" : ` ${way}`;
  return `To know before the first swap: ${laterOf(group).join("; ")}.${advice} (docs/workflows/cluster.md, "Before the first swap".)`;
};
