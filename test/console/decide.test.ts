/** What persons decide on in the console: bounds, waste and instances without an owner in words, and how long something is put off. */
import { describe, expect, it } from "@jest/globals";
import {
  boundsLine,
  limitsOf,
  mayApprove,
  mayReject,
  votedSentence,
  type Approval,
  type ApprovalStatus,
} from "../../console/approvals/bounds.ts";
import { shortHash } from "../../console/decide/hash.ts";
import { whoOf } from "../../console/decide/who.ts";
import { dayIn, untilOf } from "../../console/decide/until.ts";
import { mayExempt, quietUntil, ruleOf, type Flagged } from "../../console/governance/findings.ts";
import { mayDismiss, questionOf, totalText } from "../../console/waste/findings.ts";

const asked = {
  approval_id: "apr-1",
  account_id: "444455556666",
  region: "us-east-1",
  bounds_hash: "9f2c0a1b2c3d4e5f",
  because: "The first switch of a PROD target",
  needed: 2,
  rejection_days: 30,
  status: "PENDING",
  asked_at: "2026-11-29T09:00:00.000Z",
  expires_at: "2026-11-30T09:00:00.000Z",
  votes: [],
} as const;

const switching: Approval = {
  ...asked,
  votes: [],
  kind: "SWITCH",
  target_id: "tgt-1",
  evaluation_id: "evl-1",
  started_by: "sweep",
  bounds: {
    subject: "i-0a1b2c3d4e5f60718",
    pool_keys: ["m6a.large/use1-az4"],
    max_hourly_usd: 0.0257,
    min_savings_percent: 70,
    max_downtime_minutes: 15,
    changes: ["The instance id"],
  },
};

const deleting: Approval = {
  ...asked,
  votes: [],
  kind: "DELETE_WASTE",
  findings: ["wst-1", "wst-2"],
  bounds: { subject: "2 volumes", changes: [], is_irreversible: true, min_monthly_saving_usd: 19 },
};

const statuses: readonly ApprovalStatus[] = [
  "PENDING",
  "APPROVED",
  "CONSUMED",
  "REJECTED",
  "SUPERSEDED",
  "EXPIRED",
  "VOID",
];

describe("an approval in the console", () => {
  it("tells all its bounds, by name and on one line", () => {
    expect(limitsOf(switching)).toEqual([
      ["Pools", "m6a.large/use1-az4"],
      ["Pays at most", "$0.0257 an hour"],
      ["Saves at least", "70 %"],
      ["Down at most", "15 min"],
    ]);
    expect(boundsLine(switching)).toBe("1 pool, ≤ $0.0257 an hour, saves ≥ 70 %, down ≤ 15 min");
    expect(boundsLine(deleting)).toBe("2 findings, saves ≥ $19.00 a month");
  });

  it("can be approved while it waits, and rejected until something has begun with it", () => {
    const those = (may: (approval: Approval) => boolean) =>
      statuses.filter((status) => may({ ...switching, status }));
    expect(those(mayApprove)).toEqual(["PENDING"]);
    expect(those(mayReject)).toEqual(["PENDING", "APPROVED"]);
  });

  it("tells what comes of a vote, also where it starts nothing", () => {
    const approved: Approval = { ...switching, status: "APPROVED" };
    const started = { evaluation_id: "evl-2", execution_arn: "arn" };
    expect(votedSentence({ approval: switching })).toBe(
      "Agreed: 0 of 2. The others are waited for.",
    );
    expect(votedSentence({ approval: approved, started })).toBe(
      "Agreed. An evaluation judges again within the bounds.",
    );
    expect(votedSentence({ approval: approved, not_started: "One runs." })).toBe(
      "Agreed. One runs.",
    );
    expect(
      votedSentence({ approval: { ...deleting, status: "APPROVED" }, next_step: "At six." }),
    ).toBe("Agreed. At six.");
  });

  it("has a hash that is short in a question", () => {
    expect([shortHash("9f2c0a1b2c3d4e5f"), shortHash("9f2c")]).toEqual(["9f2c0a1b…", "9f2c"]);
  });
});

describe("who asks or decides, in the console", () => {
  it.each([
    ["arn:aws:sts::444455556666:assumed-role/Deployer/anna", "Deployer/anna"],
    ["arn:aws:iam::444455556666:user/berta", "berta"],
    ["unauthenticated:berta", "unauthenticated:berta"],
  ])("is told short: %s", (name, short) => {
    expect(whoOf(name)).toBe(short);
  });
});

describe("waste in the console", () => {
  const volume = { kind: "UNATTACHED_VOLUME", resource_id: "vol-1", monthly_usd: 8 } as const;

  it("is asked about by what is done to it, with its price where one is known", () => {
    const address = { kind: "UNASSOCIATED_ADDRESS", resource_id: "eipalloc-1" } as const;
    expect(questionOf(volume)).toBe("Delete vol-1 ($8.00 a month)?");
    expect(questionOf(address)).toBe("Release eipalloc-1?");
  });

  it("is summed up as the API does, which says what has no price", () => {
    expect(totalText({ findings: 3, monthly_usd: 20, unpriced: 0 })).toBe(
      "3 in all: $20.00 a month",
    );
    expect(totalText({ findings: 3, monthly_usd: 20, unpriced: 1 })).toBe(
      "3 in all: $20.00 a month, and 1 without a price",
    );
    expect(totalText(undefined)).toBe("");
  });

  it("can be said to stay until it is being deleted", () => {
    expect(mayDismiss({ status: "OFFERED" })).toBe(true);
    expect(mayDismiss({ status: "DELETING" })).toBe(false);
  });
});

describe("an instance without an owner in the console", () => {
  const flagged: Flagged = {
    finding_id: "gov-1",
    account_id: "444455556666",
    region: "us-east-1",
    instance_id: "i-0a1b2c3d4e5f60718",
    instance_type: "m5.large",
    image_id: "ami-1",
    state: "running",
    status: "FLAGGED",
    verdict: "STOP",
    effects: [],
    first_seen_at: "2026-11-29T09:00:00.000Z",
    grace: {
      since: "2026-11-29T09:00:00.000Z",
      ends_at: "2026-12-06T09:00:00.000Z",
      readings: 2,
      readings_needed: 4,
    },
  };
  const exemption = {
    reason: "Bastion",
    until: "2026-12-29T00:00:00.000Z",
    by: "arn",
    at: "2026-11-29T09:00:00.000Z",
  };

  it("tells what follows once its grace is over, and why that is not a stop", () => {
    expect(ruleOf(flagged)).toBe("Stopped once its grace is over");
    expect(ruleOf({ verdict: "ASK", effects: ["STOP_PROTECTED", "ROUTE_TARGET"] })).toBe(
      "Persons are asked once its grace is over: stop protected, route target",
    );
  });

  it("is left alone until its grace or its exemption ends", () => {
    expect(quietUntil(flagged)).toBe("2026-12-06T09:00:00.000Z");
    expect(quietUntil({ ...flagged, status: "EXEMPT", exemption })).toBe(exemption.until);
    expect(quietUntil({ ...flagged, status: "STOPPED" })).toBeUndefined();
  });

  it("is not exempted while it is being ended", () => {
    expect(mayExempt({ status: "FLAGGED" })).toBe(true);
    expect(mayExempt({ status: "TERMINATED" })).toBe(false);
  });
});

describe("what is put off in the console", () => {
  const nowMs = Date.parse("2026-11-29T09:00:00Z");

  it("is put off to the begin of a day to come, within what the API takes", () => {
    const limits = { nowMs, mostDays: 90 };
    expect(dayIn(nowMs, 90)).toBe("2027-02-27");
    expect(untilOf("2027-02-27", limits)).toBe("2027-02-27T00:00:00.000Z");
    expect(untilOf("2027-02-28", limits)).toBeUndefined();
    expect(untilOf("2026-11-29", limits)).toBeUndefined();
    expect(untilOf("", limits)).toBeUndefined();
  });
});
