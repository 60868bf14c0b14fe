/** What a preflight says of tags, quotas and whatever else its owner can give. */
import { counted, usd } from "../../terminal/figures.ts";
import type { Schemas } from "../api/client.ts";
import type { Check } from "./check.ts";

type Preflight = Schemas["Preflight"];
type Place = Preflight["places"][number];
type Quota = NonNullable<Place["quotas"]>[number];

const quotaCheck = (subject: string, region: string, quota: Quota): Check => {
  const { quota_code: code, quota_name: name, raise_to: raiseTo, because, vcpus } = quota;
  const base = { check: "quota of vCPUs", subject };
  if (because !== undefined) {
    return { ...base, outcome: "unknown", found: `${name} was not read: ${because}` };
  }
  if (raiseTo === undefined) {
    return { ...base, outcome: "ok", found: `${name} (${code}): all fits` };
  }
  return {
    ...base,
    outcome: "failed",
    found: `${name} (${code}) is ${String(vcpus ?? "unknown")} vCPUs, and not all of it fits`,
    remedy: `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${code} --desired-value ${String(raiseTo)} --region ${region}`,
  };
};

const placeChecks = (accountId: string, place: Place): readonly Check[] => {
  const { region, status, quotas, failure } = place;
  const subject = `${accountId} ${region}`;
  if (status !== "DONE") {
    const found = failure?.cause ?? "the preflight has not come to its end";
    return [{ check: "quota of vCPUs", subject, outcome: "unknown", found }];
  }
  return quotas === undefined || quotas.length === 0
    ? [{ check: "quota of vCPUs", subject, outcome: "ok", found: "nothing draws on one" }]
    : quotas.map((quota) => quotaCheck(subject, region, quota));
};

/** In what a fleet lacks, what concerns how it is set up: a limit of its policy is its owner's choice. */
const kinds = ["TAG", "PERMISSION", "ACCESS"] as const;

const names: Readonly<Record<(typeof kinds)[number], string>> = {
  TAG: "tags",
  PERMISSION: "permissions of the fleet",
  ACCESS: "access to clusters",
};

const missingChecks = (preflight: Preflight): readonly Check[] => {
  const { account_id: subject, preflight_id: id, places, totals } = preflight;
  const isWhole = places.every(({ status }) => status === "DONE");
  return kinds.flatMap((kind): readonly Check[] => {
    const missing = totals.missing.filter((one) => one.kind === kind);
    if (missing.length > 0) {
      return missing.map(({ name, subjects, monthly_usd: saves }) => ({
        check: names[kind],
        subject,
        outcome: "failed",
        found: `${name} is missing for ${counted(subjects, "subject")}, which would save ${usd(saves)} a month`,
        remedy: `spot preflight ${subject} shows which; ${id} has each with a sentence`,
      }));
    }
    return [
      isWhole
        ? { check: names[kind], subject, outcome: "ok", found: "nothing is missing" }
        : { check: names[kind], subject, outcome: "unknown", found: "not every region was read" },
    ];
  });
};

export const preflightChecks = (preflight: Preflight): readonly Check[] => [
  ...missingChecks(preflight),
  ...preflight.places.flatMap((place) => placeChecks(preflight.account_id, place)),
];

/** Where none was made. */
export const unreadFleet = (accountId: string, why: string): readonly Check[] =>
  [names.TAG, "quota of vCPUs"].map((check) => ({
    check,
    subject: accountId,
    outcome: "unknown",
    found: why,
  }));
