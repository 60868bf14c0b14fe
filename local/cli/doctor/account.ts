/** What is wrong with an account by what its role proves: assumed by nobody else, whole, with events, keys and room for snapshots. */
import type { Schemas } from "../api/client.ts";
import type { Check, Outcome } from "./check.ts";

type Account = Schemas["Account"];
type Verification = Schemas["Verification"];
type Feature = Verification["features"][number];

const applyTemplate = (accountId: string): string =>
  `spot accounts template ${accountId}, and update the stack of the role with it`;

const statusRemedies: Readonly<Record<Account["status"], ((id: string) => string) | undefined>> = {
  ACTIVE: undefined,
  PENDING: (id) => `spot accounts verify ${id}`,
  DISABLED: (id) => `spot accounts set ${id} --enable`,
};

export const statusCheck = ({ account_id: id, status }: Account): Check => {
  const remedy = statusRemedies[status];
  return {
    check: "account",
    subject: id,
    outcome: remedy === undefined ? "ok" : "failed",
    found: `it is ${status}`,
    ...(remedy !== undefined && { remedy: remedy(id) }),
  };
};

const roleOutcomes: Readonly<Record<Verification["checks"][number]["outcome"], Outcome>> = {
  PASSED: "ok",
  FAILED: "failed",
  SKIPPED: "unknown",
};

const roleChecks = ({ account_id: id, checks }: Verification): readonly Check[] =>
  checks.map(({ outcome, message }) => ({
    check: "role",
    subject: id,
    outcome: roleOutcomes[outcome],
    found: message,
    ...(outcome === "FAILED" && { remedy: applyTemplate(id) }),
  }));

/** More are in what a verification answers. */
const mostNamed = 3;

const actionsOf = (permissions: Feature["missing"]): string => {
  const actions = [...new Set(permissions.map(({ action, region }) => `${action} in ${region}`))];
  const others = actions.length - mostNamed;
  const named = actions.slice(0, mostNamed).join(", ");
  return others > 0 ? `${named} and ${String(others)} more` : named;
};

/** A part of which AWS offers no dry run is proved by its use. */
const proofs: Readonly<Partial<Record<Feature["feature"], (id: string) => string>>> = {
  notices: (id) => `spot notices test ${id}`,
  events: (id) => `the check of events of ${id} says how one is made to come`,
};

/** A part that its owner has left out is his choice. */
const featureCheck = (id: string, { feature, status, missing, unproved }: Feature): Check => {
  const base = { check: `role: ${feature}`, subject: id };
  switch (status) {
    case "GRANTED":
      return { ...base, outcome: "ok", found: "it is there, and nothing was refused" };
    case "ABSENT":
      return { ...base, outcome: "ok", found: "its owner has left it out" };
    case "INCOMPLETE":
      return {
        ...base,
        outcome: "failed",
        found: `${actionsOf(missing)} is missing`,
        remedy: applyTemplate(id),
      };
    case "UNPROVED":
      return {
        ...base,
        outcome: "unknown",
        found: `nothing proves ${unproved.length === 0 ? "it" : actionsOf(unproved)}`,
        remedy:
          proofs[feature]?.(id) ??
          `spot accounts verify ${id} --json names all; what has no dry run, a first use proves`,
      };
    case "SKIPPED":
      return { ...base, outcome: "unknown", found: "the role could not be assumed" };
  }
};

const keyOutcomes: Readonly<Record<Verification["keys"][number]["status"], Outcome>> = {
  USABLE: "ok",
  UNUSABLE: "failed",
  UNREAD: "unknown",
};

const roomOutcomes: Readonly<Record<Verification["snapshots"][number]["status"], Outcome>> = {
  ENOUGH: "ok",
  USED_UP: "failed",
  UNREAD: "unknown",
};

const placeChecks = ({
  account_id: id,
  events,
  snapshots,
  keys,
}: Verification): readonly Check[] => [
  ...events.map(({ region, status, message }) => ({
    check: "events",
    subject: `${id} ${region}`,
    outcome: status === "ARRIVED" ? ("ok" as const) : ("unknown" as const),
    found: message,
  })),
  ...snapshots.map(({ region, status, message }) => ({
    check: "quota of snapshots",
    subject: `${id} ${region}`,
    outcome: roomOutcomes[status],
    found: message,
  })),
  ...keys.map(({ key_id: key, status, message }) => ({
    check: "key",
    subject: key,
    outcome: keyOutcomes[status],
    found: message,
  })),
];

const fallbacks: Readonly<Record<Verification["on_demand_fallback"], readonly [Outcome, string]>> =
  {
    GRANTED: ["ok", "it is there, and nothing was refused"],
    ABSENT: ["ok", "its owner has left it out: no way back to On-Demand is begun"],
    UNPROVED: ["unknown", "nothing proves it"],
    SKIPPED: ["unknown", "the role could not be assumed"],
  };

const fallbackCheck = ({
  account_id: subject,
  on_demand_fallback: status,
}: Verification): Check => {
  const [outcome, found] = fallbacks[status];
  return { check: "role: way back to On-Demand", subject, outcome, found };
};

export const verificationChecks = (verification: Verification): readonly Check[] => [
  ...roleChecks(verification),
  ...verification.features.map((feature) => featureCheck(verification.account_id, feature)),
  fallbackCheck(verification),
  ...placeChecks(verification),
];
