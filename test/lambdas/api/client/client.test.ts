/** A client that is generated from the OpenAPI document drives every route: what its types allow, the API takes. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import createClient from "openapi-fetch";
import { createLab } from "../../../../local/lab/lab.ts";
import type { Lab } from "../../../../local/lab/contract.ts";
import { plain } from "../../../../local/lab/scenarios.ts";
import { committedClient, generateClient } from "./generate.ts";
import type { components, paths } from "../../../../local/cli/api/schema.ts";

const account = { path: { id: "444455556666" } };
const because = { reason: "Incident 4711" };

/** The smallest file that is a model. */
const model = {
  format: "spot-optimizer-risk-model/1" as const,
  version: "client-1",
  kind: "logistic" as const,
  feature_version: "features-1" as const,
  horizon_hours: 1,
  intercept: -3,
  terms: [],
  trained_on: {
    traces: ["a.csv.gz"],
    from: "2026-01-01T00:00:00Z",
    to: "2026-02-01T00:00:00Z",
    examples: 1000,
  },
} satisfies components["schemas"]["ModelFile"];

describe("a generated client", () => {
  let lab: Lab;
  let client: ReturnType<typeof createClient<paths>>;
  const called = new Set<string>();

  beforeAll(async () => {
    lab = await createLab(plain);
    client = createClient<paths>({
      baseUrl: "http://api.local",
      fetch: async (request) => {
        const answer = await lab.platform.gateway(request);
        const { pathname } = new URL(request.url);
        called.add(`${request.method} ${pathname} ${String(answer.status)}`);
        return answer;
      },
    });
  });

  it("is what `npm run client` writes now", async () => {
    expect(committedClient()).toBe(await generateClient());
  }, 60_000);

  it("throws the global kill switch with two fields, and lifts it", async () => {
    const thrown = await client.PUT("/api/v1/kill-switch", { body: { engaged: true, ...because } });
    expect(thrown.data).toMatchObject({ scope: "global", engaged: true });
    await client.PUT("/api/v1/kill-switch", { body: { engaged: false, ...because } });
    const shown = await client.GET("/api/v1/kill-switch");
    expect(shown.data?.effective).toBe(false);
  });

  it("tells what a request would do, and does not do it", async () => {
    const tried = await client.POST("/api/v1/dry-run", {
      body: { method: "PUT", path: "/kill-switch", body: { engaged: true, ...because } },
    });
    expect(tried.data).toMatchObject({ is_complete: true, answer: { engaged: true } });
    expect((await client.GET("/api/v1/kill-switch")).data?.effective).toBe(false);
  });

  it("changes one field of an account, and reads it in all ways", async () => {
    const patched = await client.PATCH("/api/v1/accounts/{id}", {
      params: account,
      body: { name: "Renamed" },
    });
    expect(patched.data?.name).toBe("Renamed");
    const shown = await client.GET("/api/v1/accounts/{id}", { params: account });
    expect(shown.data?.switching.running).toEqual([]);
    const listed = await client.GET("/api/v1/accounts");
    expect(listed.data?.items).toHaveLength(1);
    const template = await client.GET("/api/v1/accounts/{id}/role-template", {
      params: account,
      parseAs: "text",
    });
    expect(template.data).toContain("AWSTemplateFormatVersion");
    const verified = await client.POST("/api/v1/accounts/{id}/verify", { params: account });
    expect(verified.data?.verified).toBe(true);
    const reset = await client.PUT("/api/v1/accounts/{id}/switching", {
      params: account,
      body: { halted: false, ...because },
    });
    expect(reset.data?.status).toBe("ACTIVE");
    const path = { id: "444455556666", name: "shop" };
    const kubeconfig = await client.GET("/api/v1/accounts/{id}/clusters/{name}/kubeconfig", {
      params: { path },
      parseAs: "text",
    });
    expect(kubeconfig.response.status).toBe(404);
  });

  it("connects another account and disconnects it", async () => {
    const made = await client.POST("/api/v1/accounts", {
      params: { header: { "idempotency-key": "connect-1" } },
      body: { account_id: "777788889999", name: "B", environment: "LAB", regions: ["us-east-1"] },
    });
    expect(made.data?.external_id).toMatch(/^spot-optimizer-/);
    const gone = await client.DELETE("/api/v1/accounts/{id}", {
      params: { path: { id: "777788889999" } },
    });
    expect(gone.response.status).toBe(204);
  });

  it("evaluates a target, reads the evaluation, and judges it again", async () => {
    const id = lab.targetId;
    const started = await client.POST("/api/v1/lab/instances/{id}/evaluate", {
      params: { path: { id } },
    });
    const evaluation = { path: { id: started.data?.evaluation_id ?? "" } };
    await lab.finish(evaluation.path.id as never);
    const shown = await client.GET("/api/v1/evaluations/{id}", { params: evaluation });
    expect(shown.data?.status).toBe("SWITCHED");
    const listed = await client.GET("/api/v1/evaluations", {
      params: { query: { target_id: id } },
    });
    expect(listed.data?.items).toHaveLength(1);
    const replayed = await client.POST("/api/v1/evaluations/{id}/replay", { params: evaluation });
    expect(replayed.data?.identical).toBe(true);
    const place = { accountId: lab.account.accountId, region: lab.account.region };
    await lab.platform.functions.invoke("schedule-sweep-place", place);
    const runs = await client.GET("/api/v1/lab/instances/{id}/runs", { params: { path: { id } } });
    const again = await client.POST("/api/v1/lab/instances/{id}/runs/replay", {
      params: { path: { id } },
      body: { first_at: runs.data?.current?.first_at ?? "", verdict: "FIRST" },
    });
    expect(again.data?.identical).toBe(true);
    const decided = [
      await client.POST("/api/v1/evaluations/{id}/resume", { params: evaluation, body: because }),
      await client.POST("/api/v1/evaluations/{id}/roll-back", {
        params: evaluation,
        body: because,
      }),
      await client.POST("/api/v1/evaluations/{id}/adopt", {
        params: evaluation,
        body: { serving: lab.originalId, ...because },
      }),
    ];
    for (const { error, response } of decided) {
      expect(response.status).toBe(409);
      expect(error).toMatchObject({ status: 409, detail: expect.stringContaining("SWITCHED") });
    }
  });

  it("changes one field of a target, gives it a model, registers another, and forgets it", async () => {
    const target = { path: { id: lab.targetId } };
    const patched = await client.PATCH("/api/v1/lab/instances/{id}", {
      params: target,
      body: { is_shadow_mode: true },
    });
    expect(patched.data?.is_shadow_mode).toBe(true);
    const assigned = await client.PUT("/api/v1/lab/instances/{id}/model", {
      params: target,
      body: { model_version: null },
    });
    expect(assigned.data?.target_id).toBe(lab.targetId);
    const alone = await client.GET("/api/v1/lab/instances/{id}", { params: target });
    const { last_verdict: verdict, ...shown } = alone.data ?? {};
    expect(shown).toEqual(assigned.data);
    expect(verdict).toMatchObject({ kind: "STAY", reason: "WITHIN_DWELL_TIME", count: 1 });
    expect((await client.GET("/api/v1/lab/instances")).data?.items).toHaveLength(1);
    const fleet = (await client.GET("/api/v1/fleet")).data;
    expect(fleet?.columns.target_id).toEqual([target.path.id]);
    const query = { after: fleet?.revision ?? "" };
    const since = await client.GET("/api/v1/fleet", { params: { query } });
    expect(since.data?.totals).toEqual(fleet?.totals);
    const many = await client.POST("/api/v1/lab/instances/bulk", {
      body: {
        account_id: account.path.id,
        region: "us-east-1",
        instance_ids: [patched.data?.instance_id ?? ""],
      },
    });
    expect(many.data?.items).toMatchObject([
      { outcome: "ALREADY_REGISTERED", target_id: lab.targetId },
    ]);
    const instance = lab.control.addInstance({
      accountId: account.path.id,
      region: "us-east-1",
      instanceType: "m5.large",
    });
    const made = await client.POST("/api/v1/lab/instances", {
      body: {
        account_id: account.path.id,
        instance_id: instance,
        instance_type: "m5.large",
        availability_zone: lab.control.find(instance)?.zoneName ?? "",
        pipeline_mode: "LINEAR",
      },
    });
    const gone = await client.DELETE("/api/v1/lab/instances/{id}", {
      params: { path: { id: made.data?.target_id ?? "" } },
    });
    expect(gone.response.status).toBe(204);
  });

  it("judges the fleet before anything is registered", async () => {
    const started = await client.POST("/api/v1/preflight", {
      body: { account_id: account.path.id },
    });
    const preflight = { path: { id: started.data?.preflight_id ?? "" } };
    await lab.clock.run({ atMostMs: lab.clock.now() + 60_000 });
    const shown = await client.GET("/api/v1/preflight/{id}", { params: preflight });
    expect(shown.data?.status).toBe("DONE");
    const listed = await client.GET("/api/v1/preflight/{id}/subjects", {
      params: { ...preflight, query: { outcome: "WILL_ONCE" } },
    });
    expect(listed.data).toMatchObject({ items: [{ mode: "LINEAR" }] });
    const table = await client.GET("/api/v1/preflight/{id}/subjects", {
      params: preflight,
      headers: { accept: "text/csv" },
      parseAs: "text",
    });
    expect(table.data).toMatch(/^id,region,mode,/);
    const changed = await client.GET("/api/v1/preflight/{id}/changes", {
      params: { ...preflight, query: { since: preflight.path.id } },
    });
    expect(changed.data?.items).toEqual([]);
    const found = await client.PUT("/api/v1/accounts/{id}/find-by-tags", {
      params: account,
      body: { tags: { team: "payments" } },
    });
    expect(found.data?.find_by_tags).toEqual({ team: "payments" });
  });

  it("registers a model, and lets it judge or not", async () => {
    const made = await client.POST("/api/v1/models", { body: model });
    expect([made.response.status, made.error]).toEqual([201, undefined]);
    const version = { path: { version: model.version } };
    expect((await client.GET("/api/v1/models/{version}", { params: version })).data?.status).toBe(
      "candidate",
    );
    expect((await client.GET("/api/v1/models")).data?.items.length).toBeGreaterThan(1);
    const graduated = await client.POST("/api/v1/models/{version}/graduate", {
      params: version,
      body: because,
    });
    expect(graduated.response.status).toBe(409);
    const rejected = await client.POST("/api/v1/models/{version}/reject", {
      params: version,
      body: because,
    });
    expect(rejected.data?.status).toBe("archived");
  });

  it("lists what nothing claims", async () => {
    const { data, response } = await client.GET("/api/v1/unclaimed-resources", {
      params: { query: { region: "us-east-1" } },
    });
    expect(response.status).toBe(200);
    expect(data?.items).toEqual([]);
  });

  it("turns the enforcer on to look, and lists what it finds", async () => {
    const set = await client.PUT("/api/v1/accounts/{id}/enforcer", {
      params: account,
      body: { mode: "DRY_RUN" as const, allowed_tags: [{ key: "team" }] },
    });
    expect(set.data).toMatchObject({ mode: "DRY_RUN", allowed_tags: [{ key: "team" }] });
    const shown = await client.GET("/api/v1/accounts/{id}/enforcer", { params: account });
    expect(shown.data).toEqual(set.data);
    expect((await client.GET("/api/v1/governance")).data?.items).toEqual([]);
    const id = "gov-444455556666-us-east-1-i-0a1b2c3d4e5f60719";
    const exempt = await client.POST("/api/v1/governance/{id}/exempt", {
      params: { path: { id } },
      body: { reason: "Bastion", until: "2030-01-01T00:00:00.000Z" },
    });
    expect(exempt.response.status).toBe(422);
  });

  it("says where an owner is told, and asks whether it arrives", async () => {
    const webhook = {
      url: "https://hooks.example.com/in",
      secret: "only-an-example-of-32-characters",
    };
    const body = { kinds: ["NEEDS_OPERATOR" as const], webhook };
    const set = await client.PUT("/api/v1/accounts/{id}/notices", { params: account, body });
    expect(set.data).toMatchObject({ kinds: ["NEEDS_OPERATOR"], webhook: { url: webhook.url } });
    const shown = await client.GET("/api/v1/accounts/{id}/notices", { params: account });
    expect(shown.data).toEqual(set.data);
    const tested = await client.POST("/api/v1/accounts/{id}/notices/test", { params: account });
    expect(tested.response.status).toBe(200);
    expect((await client.GET("/api/v1/notices")).data?.items).toEqual([]);
    const known = await client.POST("/api/v1/notices/{id}/acknowledge", {
      params: { path: { id: tested.data?.notice_id ?? "" } },
    });
    expect(known.response.status).toBe(404);
    const gone = await client.DELETE("/api/v1/accounts/{id}/notices", { params: account });
    expect(gone.response.status).toBe(204);
  });

  it("turns the waste scanner on, and asks for what it has found", async () => {
    const settings = { enabled: true, days: { UNATTACHED_VOLUME: 30 } };
    const set = await client.PUT("/api/v1/accounts/{id}/waste", {
      params: account,
      body: settings,
    });
    expect(set.data).toMatchObject(settings);
    const shown = await client.GET("/api/v1/accounts/{id}/waste", { params: account });
    expect(shown.data).toMatchObject(settings);
    expect((await client.GET("/api/v1/waste")).data).toEqual({
      items: [],
      total: { findings: 0, monthly_usd: 0, unpriced: 0 },
    });
    const finding = { path: { id: "wst-0123456789abcdefghjk" } };
    const answers = [
      await client.GET("/api/v1/waste/{id}", { params: finding }),
      await client.POST("/api/v1/waste/{id}/approve", {
        params: finding,
        body: { bounds_hash: "hash" },
      }),
      await client.POST("/api/v1/waste/{id}/dismiss", {
        params: finding,
        body: { ...because, until: new Date(lab.clock.now() + 86_400_000).toISOString() },
      }),
    ];
    expect(answers.map(({ response }) => response.status)).toEqual([404, 404, 404]);
  });

  it("asks what was saved in a month", async () => {
    const found = await client.GET("/api/v1/savings", { params: { query: { month: "2026-02" } } });
    expect(found.data).toMatchObject({ month: "2026-02", items: [], total: { targets: 0 } });
  });

  it("asks what each instance cost in each hour of a day", async () => {
    const query = { account_id: account.path.id, day: "2026-02-02" };
    const found = await client.GET("/api/v1/savings/hours", { params: { query } });
    expect(found.data).toMatchObject({ format: "ledger-hours/1", resources: [] });
  });

  it("says who may approve, and asks for what waits", async () => {
    const settings = { switches: "EACH" as const, approvers: [] };
    const set = await client.PUT("/api/v1/accounts/{id}/approvals", {
      params: account,
      body: settings,
    });
    expect(set.data?.approvals).toMatchObject(settings);
    expect((await client.GET("/api/v1/approvals")).data?.items).toEqual([]);
    const approval = { path: { id: "apr-0123456789" } };
    const answers = [
      await client.GET("/api/v1/approvals/{id}", { params: approval }),
      await client.POST("/api/v1/approvals/{id}/approve", {
        params: approval,
        body: { bounds_hash: "hash" },
      }),
      await client.POST("/api/v1/approvals/{id}/break-glass", {
        params: approval,
        body: { bounds_hash: "hash", ...because },
      }),
      await client.POST("/api/v1/approvals/{id}/reject", {
        params: approval,
        body: { comment: "Not now" },
      }),
    ];
    expect(answers.map(({ response }) => response.status)).toEqual([404, 404, 404, 404]);
    const voided = await client.POST("/api/v1/approvals/void", { body: because });
    expect(voided.response.status).toBe(200);
  });

  it("keeps everybody out of a pool, and lets them in again", async () => {
    const pool = { path: { pool_id: "us-east-1:use1-az1:m5.large:linux-unix" } };
    const until = new Date(lab.clock.now() + 3_600_000).toISOString();
    const set = await client.POST("/api/v1/risk/pools/{pool_id}/quarantine", {
      params: pool,
      body: { ...because, until },
    });
    expect([set.response.status, set.error]).toEqual([200, undefined]);
    const listed = await client.GET("/api/v1/risk/pools", {
      params: { query: { region: "us-east-1" } },
    });
    expect(listed.data?.items).toMatchObject([{ ...pool.path, quarantine: { until } }]);
    const lifted = await client.DELETE("/api/v1/risk/pools/{pool_id}/quarantine", {
      params: { ...pool, query: because },
    });
    expect(lifted.response.status).toBe(204);
  });

  it("declares a restore, looks at what was found, and lets the kill switch be lifted", async () => {
    const path = "/api/v1/restore";
    expect((await client.GET(path)).response.status).toBe(404);
    const declared = await client.PUT(path, { body: because });
    expect(declared.data?.epoch).toBeGreaterThan(0);
    const found = await client.GET(path);
    const body = { ...because, hash: found.data?.hash ?? "" };
    const early = await client.PUT("/api/v1/restore/reconciled", { body });
    expect(early.response.status).toBe(409);
  });

  it("has driven every route", async () => {
    expect((await client.GET("/api/v1/health")).data?.status).toBe("ok");
    const document = await client.GET("/api/v1/openapi.json");
    const { paths: documented } = document.data as unknown as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
    };
    const routes = Object.entries(documented).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => {
        const pattern = `^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "[^/]+")} `;
        return { name: `${method} ${path}`, pattern: new RegExp(pattern) };
      }),
    );
    const missed = routes.filter(({ pattern }) => ![...called].some((one) => pattern.test(one)));
    expect(routes).toHaveLength(73);
    expect(missed.map(({ name }) => name)).toEqual([]);
  });
});
