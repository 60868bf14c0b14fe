import { beforeEach, describe, expect, it } from "@jest/globals";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { askFor } from "../../../adapters/store/approvals.ts";
import { readOutbox } from "../../../adapters/store/outbox.ts";
import { listAudit } from "../../../adapters/store/audit.ts";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { acquireLease } from "../../../adapters/store/leases.ts";
import { readPolicySetter } from "../../../adapters/store/approval-settings.ts";
import { roleNameIn } from "../../../core/approval/caller.ts";
import type { OwnRole } from "../../../core/approval/role-trust.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import type { Approval, TargetApproval } from "../../../core/model/approval.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { ApiContext } from "../../../lambdas/api/context.ts";
import type { VotedJson } from "../../../lambdas/api/schemas/approvals.ts";
import { gatewayHandlerOf } from "../../../lambdas/api/gateway.ts";
import { serveRestApi } from "../../../local/cloud/rest-api.ts";
import { approver, pending } from "../../core/approval/samples.ts";
import {
  apiUnderTest,
  asDeployed,
  startOfTime,
  webTarget,
  withTarget,
  type ApiUnderTest,
} from "./api-under-test.ts";

const as = (name: string) => ({ "spot-optimizer-identity": name });
const agreed = { bounds_hash: "hash" };
const path = `/approvals/${pending.approvalId}`;
const started = expect.stringMatching(/^evl-/) as unknown;

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
}

/** The evaluation that was started. */
const startedIn = (answer: { readonly body: unknown }) =>
  evaluationIdSchema.parse((answer.body as VotedJson).started?.evaluation_id);

const problemOf = (answer: { readonly body: unknown }): string =>
  (answer.body as Problem).type.replace("urn:spot-optimizer:problem:", "");

describe("approvals", () => {
  let api: ApiUnderTest;
  let targetId: ReturnType<typeof targetIdSchema.parse>;

  const ask = (change: Partial<TargetApproval> = {}): Promise<Approval> =>
    askFor(api.table, {
      ...pending,
      targetId,
      askedAt: startOfTime.toISOString(),
      expiresAt: new Date(startOfTime.getTime() + 24 * 3_600_000).toISOString(),
      ...change,
    });

  const approve = (name: string, body: unknown = agreed, headers = {}) =>
    api.send("POST", `${path}/approve`, body, { ...as(name), ...headers });

  const starts = () => api.sfn.commandCalls(StartExecutionCommand);

  beforeEach(async () => {
    api = apiUnderTest();
    targetId = targetIdSchema.parse(await withTarget(api));
  });

  it("are listed and shown, with how they stand by now", async () => {
    await ask();
    const shown = await api.send("GET", path);
    expect(shown).toMatchObject({
      status: 200,
      body: { status: "PENDING", bounds_hash: "hash", bounds: { max_hourly_usd: 0.04 } },
    });
    const listed = async (filter: string) =>
      ((await api.send("GET", `/approvals?${filter}`)).body as { items: unknown[] }).items.length;
    expect(await listed(`target_id=${targetId}&status=PENDING`)).toBe(1);
    expect(await listed("account_id=999988887777")).toBe(0);
    api.pass(24 * 3600);
    expect(await listed("status=PENDING")).toBe(0);
    expect(await listed("status=EXPIRED")).toBe(1);
  });

  it("start an evaluation that bears their name, and who asked, once a person has agreed", async () => {
    await ask({ askedBy: approver("eve").caller });
    api.pass(1);
    const answer = await approve("ada", { ...agreed, comment: "Agreed with the shop" });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        approval: {
          status: "APPROVED",
          votes: [{ by: { name: "unauthenticated:ada" }, comment: "Agreed with the shop" }],
        },
        started: { evaluation_id: started },
      },
    });
    expect(starts()).toHaveLength(1);
    expect(await getEvaluation(api.table, startedIn(answer))).toMatchObject({
      approvalId: pending.approvalId,
      startedBy: "sweep",
      requestedBy: { name: "eve" },
    });
    const { items } = await listAudit(api.table, { limit: 1 });
    expect(items).toMatchObject([
      {
        actor: "unauthenticated:ada",
        action: "APPROVE",
        resource: `approval ${pending.approvalId}`,
        detail: { bounds_hash: "hash", started: { evaluation_id: started } },
      },
    ]);
  });

  it("that two approve at the same instant start one evaluation, and the later is told", async () => {
    await ask();
    const answers = await Promise.all([approve("ada"), approve("grace")]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(problemOf(answers.find(({ status }) => status === 409) ?? { body: {} })).toBe(
      "approval-settled",
    );
    expect(starts()).toHaveLength(1);
  });

  it("that need two persons wait for the second, and take no vote of the same one twice", async () => {
    await ask({ needed: 2 });
    expect(await approve("ada")).toMatchObject({
      status: 200,
      body: { approval: { status: "PENDING" } },
    });
    expect(starts()).toHaveLength(0);
    expect(problemOf(await approve("ADA"))).toBe("approved-before");
    expect(await approve("grace")).toMatchObject({ body: { approval: { status: "APPROVED" } } });
    expect(starts()).toHaveLength(1);
  });

  it("need two persons where the account's owner has become stricter since", async () => {
    await ask();
    const stricter = { approvals_needed: 2, approvers: [] };
    await api.send("PUT", `/accounts/${webTarget.account_id}/approvals`, stricter);
    expect(await approve("ada")).toMatchObject({ body: { approval: { status: "PENDING" } } });
  });

  it("are not given by who does not say who he is", async () => {
    await ask();
    expect(problemOf(await api.send("POST", `${path}/approve`, agreed))).toBe("not-an-approver");
  });

  it.each([
    ["a second time", {}, "approval-settled", 409],
    ["by who has asked himself", { askedBy: approver("ada").caller }, "own-request", 403],
    ["after it was rejected", { status: "REJECTED" }, "approval-settled", 409],
    ["after something else was asked for", { status: "SUPERSEDED" }, "bounds-changed", 409],
    ["for other bounds", { boundsHash: "others" }, "bounds-changed", 409],
    ["after its hours", { expiresAt: startOfTime.toISOString() }, "approval-expired", 409],
    ["of a table that was restored", { tableName: "before" }, "approval-void", 409],
  ] as const)("are refused by name %s", async (_when, change, kind, status) => {
    await ask(change);
    if (Object.keys(change).length === 0) await approve("grace");
    const before = starts().length;
    const answer = await approve("ada");
    expect(answer.status).toBe(status);
    expect(problemOf(answer)).toBe(kind);
    expect(starts()).toHaveLength(before);
  });

  it("of which the answer was lost are given once, and go on with the same evaluation", async () => {
    await ask();
    api.failStart(Object.assign(new Error("Down"), { name: "ServiceUnavailable" }));
    const key = { "idempotency-key": "k-1" };
    expect((await approve("ada", agreed, key)).status).toBeGreaterThanOrEqual(500);
    api.pass(1);
    const answer = await approve("ada", agreed, key);
    expect(answer).toMatchObject({
      status: 200,
      body: { approval: { votes: [{}] }, started: { evaluation_id: started } },
    });
    expect(startedIn(await approve("ada", agreed, key))).toBe(startedIn(answer));
    expect(problemOf(await approve("ada"))).toBe("approved-before");
  });

  it("are not given while a kill switch is thrown", async () => {
    await ask();
    await api.send("PUT", "/kill-switch", { engaged: true, reason: "Incident 4711" });
    expect(problemOf(await approve("ada"))).toBe("kill-switch-engaged");
    await api.send("PUT", "/kill-switch", { engaged: false, reason: "It is over" });
    expect((await approve("ada")).status).toBe(200);
  });

  it("are kept for the next evaluation where another works on the subject", async () => {
    await ask();
    await acquireLease(api.table, {
      resource: `instance#${webTarget.account_id}#${webTarget.instance_id}`,
      owner: "evl-9999999999",
      now: startOfTime,
      seconds: 900,
    });
    const answer = await approve("ada");
    expect(answer).toMatchObject({ status: 200, body: { approval: { status: "APPROVED" } } });
    expect((answer.body as { not_started: string }).not_started).toContain("uses the approval");
  });

  it("of a target that was deleted since start nothing", async () => {
    await ask();
    await api.send("DELETE", `/lab/instances/${webTarget.instance_id}?deletion_flags=leave`);
    expect((await approve("ada")).status).toBe(404);
  });

  it("are rejected for their days, with a comment, by an approver or by who asked", async () => {
    await ask({ askedBy: approver("eve").caller });
    api.pass(1);
    expect((await api.send("POST", `${path}/reject`, {}, as("ada"))).status).toBe(422);
    const comment = { comment: "Not before the sale" };
    expect(await api.send("POST", `${path}/reject`, comment, as("eve"))).toMatchObject({
      status: 200,
      body: { status: "REJECTED", rejection: { comment: comment.comment } },
    });
    const { items } = await listAudit(api.table, { limit: 1 });
    expect(items).toMatchObject([{ action: "REJECT", detail: { boundsHash: "hash" } }]);
    expect(problemOf(await approve("ada"))).toBe("approval-settled");
  });

  it("of a way back are passed over in an emergency, once, which the audit, the list and a notice tell", async () => {
    await ask({ kind: "FALL_BACK", needed: 2 });
    api.pass(1);
    const body = { ...agreed, reason: "Incident 4711" };
    const breaking = (name: string) => api.send("POST", `${path}/break-glass`, body, as(name));
    const answer = await breaking("oncall");
    expect(answer).toMatchObject({
      status: 200,
      body: {
        approval: { status: "APPROVED", broken_glass: { by: { name: "unauthenticated:oncall" } } },
        started: { evaluation_id: started },
      },
    });
    const { items } = await listAudit(api.table, { limit: 1 });
    expect(items).toMatchObject([
      {
        actor: "unauthenticated:oncall",
        action: "BREAK_GLASS",
        detail: { reason: "Incident 4711" },
      },
    ]);
    const listed = async (filter: string) =>
      ((await api.send("GET", `/approvals?${filter}`)).body as { items: unknown[] }).items.length;
    expect(await listed("is_glass_broken=true")).toBe(1);
    expect(await listed("is_glass_broken=false")).toBe(0);
    const told = await readOutbox(api.table, { limit: 5 });
    expect(told.values.map(({ notice }) => notice)).toMatchObject([
      { kind: "GLASS_BROKEN", sentence: expect.stringContaining("without its approvers") },
    ]);
  });

  it("of anything else are not passed over, whoever asks", async () => {
    await ask();
    const body = { ...agreed, reason: "Incident 4711" };
    const answer = await api.send("POST", `${path}/break-glass`, body, as("oncall"));
    expect([answer.status, problemOf(answer)]).toEqual([409, "not-restoring"]);
    expect(starts()).toEqual([]);
  });

  it("are void once a person has said that the table was restored; later ones are not", async () => {
    await ask();
    const voided = await api.send("POST", "/approvals/void", { reason: "Restored to 11:00" });
    expect(voided.body).toEqual({ until: startOfTime.toISOString() });
    expect(problemOf(await approve("ada"))).toBe("approval-void");
    expect((await api.send("GET", path)).body).toMatchObject({ status: "VOID" });
  });

  it("of an unknown id are 404, and a misspelled one is 400", async () => {
    expect((await api.send("GET", "/approvals/apr-00000000000000000000")).status).toBe(404);
    expect((await api.send("GET", "/approvals/evl-00000000000000000000")).status).toBe(400);
  });
});

const own = "111122223333";
const sso = "AROASSOEXAMPLE0000001";
const otherSso = "AROASSOEXAMPLE0000002";

const session = (roleId: string, name: string) => ({
  accountId: own,
  caller: `${roleId}:${name}`,
  userArn: `arn:aws:sts::${own}:assumed-role/AWSReservedSSO_${roleId}/${name}`,
});

/** A role by which users of our account come, and what its trust holds of them. */
const roleFor = (roleId: string, change: object = {}): OwnRole => ({
  roleId,
  trustPolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${own}:root` },
        Action: "sts:AssumeRole",
        ...change,
      },
    ],
  }),
});

describe("approvers that IAM knows", () => {
  let api: ApiUnderTest;
  let caller: ReturnType<typeof session>;
  /** By name, as IAM has them now. */
  let roles: Map<string, OwnRole | SpotOptimizerError>;
  let asked: string[];

  const send = async (
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
    verb = "approve",
  ) => {
    const gateway = serveRestApi({
      ...asDeployed,
      handler: gatewayHandlerOf(() => api.app),
      callerOf: () => caller,
    });
    const response = await gateway(
      new Request(`https://api.example.com/live/api/v1${path}/${verb}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    );
    return { status: response.status, body: await response.json() };
  };

  beforeEach(async () => {
    roles = new Map();
    asked = [];
    const roleNamed: ApiContext["roleNamed"] = (name) => {
      asked.push(name);
      const role = roles.get(name);
      return role instanceof Error ? Promise.reject(role) : Promise.resolve(role);
    };
    api = apiUnderTest({ emulated: false, roleNamed });
    const setUp = apiUnderTest({ table: api.table });
    const targetId = targetIdSchema.parse(await withTarget(setUp));
    const approvers = [sso, otherSso].map((id) => ({ kind: "SSO_ROLE", id }));
    await setUp.send("PUT", "/accounts/444455556666/approvals", { approvers });
    await askFor(api.table, {
      ...pending,
      targetId,
      needed: 2,
      askedAt: startOfTime.toISOString(),
      expiresAt: new Date(startOfTime.getTime() + 3_600_000).toISOString(),
    });
  });

  it("are persons: one with two session names, then two permission sets, gives one vote", async () => {
    caller = session(sso, "grace@example.com");
    expect((await send(agreed)).status).toBe(200);
    caller = session(sso, "Grace@example.com");
    expect(problemOf(await send(agreed))).toBe("approved-before");
    caller = session(otherSso, "grace@example.com");
    expect(problemOf(await send(agreed))).toBe("approved-before");
    caller = session(otherSso, "alan@example.com");
    expect(await send(agreed)).toMatchObject({ body: { approval: { status: "APPROVED" } } });
    expect(asked).toEqual([]);
  });

  it("are those on the account's list alone", async () => {
    caller = session("AROANOTLISTED00000003", "grace@example.com");
    const answer = await send(agreed);
    expect(answer.status).toBe(403);
    expect(problemOf(answer)).toBe("not-an-approver");
    caller = { ...session(sso, "grace"), accountId: "999988887777" };
    expect(problemOf(await send(agreed))).toBe("not-an-approver");
  });

  it.each([
    "arn:aws:sts::111122223333:assumed-role/spot-optimizer-prod-schedule-sweep-place/run",
    "arn:aws:sts::111122223333:assumed-role/spot-optimizer-blue-green-api/run",
  ])("are not our own functions, though their role is listed: %s", async (userArn) => {
    const setUp = apiUnderTest({ table: api.table });
    const approvers = [{ kind: "ROLE", id: "AROAFUNCTION000000001" }];
    await setUp.send("PUT", "/accounts/444455556666/approvals", { approvers });
    caller = { ...session("AROAFUNCTION000000001", "run"), userArn };
    expect(problemOf(await send(agreed))).toBe("not-an-approver");
    expect(asked).toEqual([]);
    caller = { ...caller, userArn: userArn.replace("spot-optimizer", "shop") };
    roles.set(roleNameIn(caller.userArn), roleFor("AROAFUNCTION000000001"));
    expect((await send(agreed)).status).toBe(200);
  });

  describe("by a role", () => {
    const operator = "AROAOPERATOR000000003";
    const named = { Condition: { StringEquals: { "sts:RoleSessionName": "${aws:username}" } } };
    const inRole = (name: string, role = "Operator") => ({
      accountId: own,
      caller: `${operator}:${name}`,
      userArn: `arn:aws:sts::${own}:assumed-role/${role}/${name}`,
    });

    beforeEach(async () => {
      const setUp = apiUnderTest({ table: api.table });
      const approvers = [{ kind: "ROLE", id: operator }];
      const settings = { approvers, break_glass: approvers };
      await setUp.send("PUT", "/accounts/444455556666/approvals", settings);
      caller = inRole("ada");
    });

    it("are persons by the names of their sessions, where its trust holds them to the users'", async () => {
      roles.set("Operator", roleFor(operator, named));
      expect((await send(agreed)).status).toBe(200);
      caller = inRole("Ada");
      expect(problemOf(await send(agreed))).toBe("approved-before");
      caller = inRole("grace");
      expect(await send(agreed)).toMatchObject({ body: { approval: { status: "APPROVED" } } });
      expect(asked).toEqual(["Operator", "Operator", "Operator"]);
    });

    it("are one person where anybody names his session, also where that was otherwise a moment ago", async () => {
      roles.set("Operator", roleFor(operator, named));
      expect((await send(agreed)).status).toBe(200);
      roles.set("Operator", roleFor(operator));
      caller = inRole("grace");
      const answer = await send(agreed);
      expect(problemOf(answer)).toBe("approved-before");
      expect((answer.body as Problem).detail).toContain("Role Operator counts as one person");
    });

    it.each([
      [
        "that a pipeline opens with its token",
        roleFor(operator, {
          Principal: { Federated: `arn:aws:iam::${own}:oidc-provider/ci.example.com` },
          Action: "sts:AssumeRoleWithWebIdentity",
        }),
        "oidc-provider/ci.example.com",
      ],
      [
        "by which a service acts",
        roleFor(operator, { Principal: { Service: "codebuild.amazonaws.com" } }),
        "codebuild.amazonaws.com",
      ],
      ["that was made anew under its name", roleFor("AROAMADEANEW000000009"), "was deleted"],
      ["that IAM no longer has", undefined, "was deleted"],
    ])("are not those of one %s", async (_which, role, told) => {
      if (role !== undefined) roles.set("Operator", role);
      const answer = await send(agreed);
      expect(problemOf(answer)).toBe("not-an-approver");
      expect((answer.body as Problem).detail).toContain(told);
    });

    it.each([
      ["does not let us read it", "BrokenPermission", "refused-by-aws", 502],
      ["does not answer", "RetryableUnavailable", "try-again", 503],
    ] as const)("have not agreed where IAM %s, and it says what to do", async (...harm) => {
      const [, name, kind, status] = harm;
      const nextStep = "deploy the stack again.";
      roles.set("Operator", new SpotOptimizerError(name, "GetRole failed.", { nextStep }));
      const answer = await send(agreed);
      expect([answer.status, problemOf(answer)]).toEqual([status, kind]);
      expect((answer.body as Problem).detail).toBe(
        "It is not counted: whom role Operator lets in was not read. GetRole failed. Next: deploy the stack again.",
      );
      roles.set("Operator", roleFor(operator, named));
      expect((await send(agreed)).status).toBe(200);
    });

    it("do not break the glass unread, and reject without being read", async () => {
      const down = new SpotOptimizerError("RetryableUnavailable", "GetRole failed.");
      roles.set("Operator", down);
      const broken = await send({ ...agreed, reason: "Incident 4711" }, {}, "break-glass");
      expect(problemOf(broken)).toBe("try-again");
      expect((await send({ comment: "Not now" }, {}, "reject")).status).toBe(200);
      expect(asked).toEqual(["Operator"]);
    });
  });

  it("can't be named by a header", async () => {
    caller = session(sso, "grace@example.com");
    const answer = await send(agreed, as("alan"));
    expect(answer.status).toBe(400);
    expect((answer.body as { errors: unknown }).errors).toMatchObject([
      { field: "spot-optimizer-identity" },
    ]);
  });
});

describe("who has set a policy", () => {
  it("is noted, so that somebody else must agree; who only turns on shadow mode is not", async () => {
    const api = apiUnderTest();
    const targetId = targetIdSchema.parse(await withTarget(api));
    const target = `/lab/instances/${targetId}`;
    const setter = async () => (await readPolicySetter(api.table, targetId))?.name;
    expect(await setter()).toBe("local");
    await api.send("PATCH", target, { is_shadow_mode: false }, as("ada"));
    expect(await setter()).toBe("unauthenticated:ada");
    await api.send("PATCH", target, { is_shadow_mode: true }, as("grace"));
    expect(await setter()).toBe("unauthenticated:ada");
    await api.send("PATCH", target, { policy_overrides: { max_risk: 0.2 } }, as("grace"));
    expect(await setter()).toBe("unauthenticated:grace");
    await api.send("DELETE", `${target}?deletion_flags=leave`);
    expect(await setter()).toBeUndefined();
  });

  it("and who asks for an evaluation stands in its record", async () => {
    const api = apiUnderTest();
    const targetId = await withTarget(api);
    const answer = await api.send("POST", `/lab/instances/${targetId}/evaluate`, {}, as("ada"));
    const { evaluation_id: id } = answer.body as { evaluation_id: string };
    const shown = await api.send("GET", `/evaluations/${id}`);
    expect(shown.body).toMatchObject({ requested_by: { name: "unauthenticated:ada" } });
  });

  it("is misspelled in no header", async () => {
    const api = apiUnderTest();
    const answer = await api.send("GET", "/approvals", undefined, as("a b"));
    expect(answer.status).toBe(400);
  });
});

describe("settings of an account's approvals", () => {
  it("stand beside the account, and go with it", async () => {
    const api = apiUnderTest();
    await withTarget(api);
    const account = "/accounts/444455556666";
    const settings = {
      switches: "FIRST_IN_PROD",
      approvals_needed: 2,
      approval_hours: 48,
      rejection_days: 7,
      approvers: [{ kind: "USER", id: "AIDAEXAMPLEEXAMPLE01" }],
      break_glass: [{ kind: "ROLE", id: "AROAEXAMPLEEXAMPLE01" }],
    };
    expect(await api.send("PUT", `${account}/approvals`, settings)).toMatchObject({
      status: 200,
      body: { approvals: settings },
    });
    const wrong = { approvers: [{ kind: "USER", id: "ada" }] };
    expect(await api.send("PUT", `${account}/approvals`, wrong)).toMatchObject({ status: 422 });
    await api.send("DELETE", `/lab/instances/${webTarget.instance_id}?deletion_flags=leave`);
    await api.send("DELETE", account);
    await withTarget(api);
    expect((await api.send("GET", account)).body).not.toHaveProperty("approvals");
  });
});
