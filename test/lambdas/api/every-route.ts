/** A request for each operation of the API, by its id, in a world that has an account and a target. */
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import {
  apiUnderTest,
  labAccount,
  webTarget,
  withTarget,
  type ApiUnderTest,
} from "./api-under-test.ts";

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
}

const account = `/accounts/${labAccount.account_id}`;
const target = `/lab/instances/${webTarget.instance_id}`;
const unknown = "/evaluations/evl-0123456789abcdefghjk";
const approval = "/approvals/apr-0123456789abcdefghjk";
const preflight = "/preflight/pfl-0123456789abcdefghjk";
const pool = "/risk/pools/eu-central-1:euc1-az1:m5.large:linux-unix";
const finding = "/waste/wst-0123456789abcdefghjk";
const because = { reason: "Incident 4711" };

const logistic = {
  schema: 1,
  version: "logistic-7",
  kind: "logistic",
};

export const routeRequests: Readonly<Record<string, RouteRequest>> = {
  listAccounts: { method: "GET", path: "/accounts?limit=1", status: 200 },
  createAccount: {
    method: "POST",
    path: "/accounts",
    body: { ...labAccount, account_id: "777788889999" },
    status: 201,
  },
  getAccount: { method: "GET", path: account, status: 200 },
  patchAccount: { method: "PATCH", path: account, body: { name: "Zahlung – grün" }, status: 200 },
  deleteAccount: { method: "DELETE", path: account, status: 409 },
  getRoleTemplate: { method: "GET", path: `${account}/role-template`, status: 200 },
  getKubeconfig: { method: "GET", path: `${account}/clusters/shop/kubeconfig`, status: 404 },
  verifyAccount: { method: "POST", path: `${account}/verify`, status: 200 },
  resetSwitching: {
    method: "PUT",
    path: `${account}/switching`,
    body: { halted: false, ...because },
    status: 200,
  },
  setApprovalSettings: {
    method: "PUT",
    path: `${account}/approvals`,
    body: { switches: "EACH", approvers: [{ kind: "USER", id: "AIDAEXAMPLEEXAMPLE01" }] },
    status: 200,
  },
  listApprovals: { method: "GET", path: "/approvals?status=PENDING&limit=5", status: 200 },
  getApproval: { method: "GET", path: approval, status: 404 },
  approve: {
    method: "POST",
    path: `${approval}/approve`,
    body: { bounds_hash: "hash", comment: "Agreed" },
    status: 404,
  },
  reject: { method: "POST", path: `${approval}/reject`, body: { comment: "Not now" }, status: 404 },
  breakGlass: {
    method: "POST",
    path: `${approval}/break-glass`,
    body: { bounds_hash: "hash", ...because },
    status: 404,
  },
  voidApprovals: {
    method: "POST",
    path: "/approvals/void",
    body: { reason: "Table restored" },
    status: 200,
  },
  setFindByTags: {
    method: "PUT",
    path: `${account}/find-by-tags`,
    body: { tags: { "team-name": "payments", Größe: "ß" } },
    status: 200,
  },
  listRiskPools: {
    method: "GET",
    path: "/risk/pools?region=eu-central-1&instance_type=m5.large&limit=5",
    status: 200,
  },
  setPoolQuarantine: {
    method: "POST",
    path: `${pool}/quarantine`,
    body: { ...because, until: "2026-03-02T12:00:00Z" },
    status: 200,
  },
  liftPoolQuarantine: {
    method: "DELETE",
    path: `${pool}/quarantine?reason=The%20incident%20is%20over`,
    status: 404,
  },
  listUnclaimedResources: {
    method: "GET",
    path: `/unclaimed-resources?account_id=${labAccount.account_id}&limit=5`,
    status: 200,
  },
  getNoticeSettings: { method: "GET", path: `${account}/notices`, status: 200 },
  setNoticeSettings: {
    method: "PUT",
    path: `${account}/notices`,
    body: {
      topic_arn: `arn:aws:sns:eu-central-1:${labAccount.account_id}:spot-optimizer-notices`,
      kinds: ["NEEDS_OPERATOR", "ROLLED_BACK"],
      webhook: {
        url: "https://hooks.example.com/spot-optimizer",
        secret: "only-an-example-of-32-characters",
      },
    },
    status: 200,
  },
  deleteNoticeSettings: { method: "DELETE", path: `${account}/notices`, status: 204 },
  testNotices: { method: "POST", path: `${account}/notices/test`, status: 200 },
  listNotices: {
    method: "GET",
    path: `/notices?account_id=${labAccount.account_id}&limit=5`,
    status: 200,
  },
  acknowledgeNotice: {
    method: "POST",
    path: "/notices/ntc-0123456789abcdefghjk/acknowledge",
    status: 404,
  },
  getEnforcer: { method: "GET", path: `${account}/enforcer`, status: 200 },
  setEnforcer: {
    method: "PUT",
    path: `${account}/enforcer`,
    body: { mode: "DRY_RUN", allowed_tags: [{ key: "team" }] },
    status: 200,
  },
  listGovernance: {
    method: "GET",
    path: `/governance?account_id=${labAccount.account_id}&limit=5`,
    status: 200,
  },
  exemptFinding: {
    method: "POST",
    path: `/governance/gov-${labAccount.account_id}-eu-central-1-i-0a1b2c3d4e5f60719/exempt`,
    body: { reason: "Bastion", until: "2026-03-20T00:00:00.000Z" },
    status: 404,
  },
  getSavings: {
    method: "GET",
    path: `/savings?account_id=${labAccount.account_id}&month=2026-03&limit=5`,
    status: 200,
  },
  getSavingsHours: {
    method: "GET",
    path: `/savings/hours?account_id=${labAccount.account_id}&day=2026-03-02&limit=5`,
    status: 200,
  },
  listWaste: {
    method: "GET",
    path: `/waste?account_id=${labAccount.account_id}&kind=UNATTACHED_VOLUME&limit=5`,
    status: 200,
  },
  getWaste: { method: "GET", path: finding, status: 404 },
  approveWaste: {
    method: "POST",
    path: `${finding}/approve`,
    body: { bounds_hash: "hash", comment: "Agreed" },
    status: 404,
  },
  dismissWaste: {
    method: "POST",
    path: `${finding}/dismiss`,
    body: { ...because, until: "2026-06-01T00:00:00Z" },
    status: 404,
  },
  getWasteSettings: { method: "GET", path: `${account}/waste`, status: 200 },
  setWasteSettings: {
    method: "PUT",
    path: `${account}/waste`,
    body: { enabled: true, days: { UNATTACHED_VOLUME: 30 }, owner_tags: ["Größe"] },
    status: 200,
  },
  createTarget: {
    method: "POST",
    path: "/lab/instances",
    body: { ...webTarget, instance_id: "i-0a1b2c3d4e5f60719" },
    status: 201,
  },
  listJudgedRuns: { method: "GET", path: "/lab/instances/tgt-unknown00000/runs", status: 404 },
  replayJudgedRun: {
    method: "POST",
    path: "/lab/instances/tgt-unknown00000/runs/replay",
    body: { first_at: "2026-03-01T12:00:00.000Z", verdict: "FIRST" },
    status: 404,
  },
  getFleet: { method: "GET", path: "/fleet?after=an-older-one", status: 200 },
  listTargets: {
    method: "GET",
    path: `/lab/instances?account_id=${labAccount.account_id}&limit=5`,
    status: 200,
  },
  registerMany: {
    method: "POST",
    path: "/lab/instances/bulk",
    body: {
      account_id: labAccount.account_id,
      region: "eu-central-1",
      instance_ids: [webTarget.instance_id],
    },
    status: 409,
  },
  getTarget: { method: "GET", path: target, status: 200 },
  patchTarget: { method: "PATCH", path: target, body: { is_shadow_mode: false }, status: 200 },
  deleteTarget: { method: "DELETE", path: `${target}?deletion_flags=leave`, status: 204 },
  assignModel: {
    method: "PUT",
    path: `${target}/model`,
    body: { model_version: null },
    status: 200,
  },
  startPreflight: {
    method: "POST",
    path: "/preflight",
    body: { account_id: labAccount.account_id },
    status: 409,
  },
  getPreflight: { method: "GET", path: preflight, status: 404 },
  listPreflightSubjects: { method: "GET", path: `${preflight}/subjects?limit=5`, status: 404 },
  listPreflightChanges: {
    method: "GET",
    path: `${preflight}/changes?since=pfl-0123456789`,
    status: 404,
  },
  evaluateTarget: { method: "POST", path: `${target}/evaluate`, body: {}, status: 202 },
  listEvaluations: { method: "GET", path: "/evaluations?status=STAYED", status: 200 },
  getEvaluation: { method: "GET", path: `${unknown}?candidates=none`, status: 404 },
  replayEvaluation: { method: "POST", path: `${unknown}/replay`, status: 404 },
  resumeEvaluation: {
    method: "POST",
    path: `${unknown}/resume?dry_run=true`,
    body: because,
    status: 404,
  },
  rollBackEvaluation: { method: "POST", path: `${unknown}/roll-back`, body: because, status: 404 },
  adoptInstance: {
    method: "POST",
    path: `${unknown}/adopt`,
    body: { serving: webTarget.instance_id, ...because },
    status: 404,
  },
  listModels: { method: "GET", path: "/models", status: 200 },
  getModel: { method: "GET", path: "/models/hazard-1", status: 200 },
  registerModel: { method: "POST", path: "/models", body: logistic, status: 422 },
  graduateModel: { method: "POST", path: "/models/none-1/graduate", body: because, status: 404 },
  rejectModel: { method: "POST", path: "/models/none-1/reject", body: because, status: 404 },
  getKillSwitch: { method: "GET", path: "/kill-switch", status: 200 },
  setKillSwitch: {
    method: "PUT",
    path: "/kill-switch",
    body: { engaged: true, ...because },
    status: 200,
  },
  declareRestore: { method: "PUT", path: "/restore", body: because, status: 200 },
  reconcileRestore: { method: "GET", path: "/restore", status: 404 },
  noteReconciled: {
    method: "PUT",
    path: "/restore/reconciled",
    body: { hash: "0".repeat(64), ...because },
    status: 404,
  },
  dryRun: {
    method: "POST",
    path: "/dry-run",
    body: { method: "PUT", path: "/kill-switch", body: { engaged: true, ...because } },
    status: 200,
  },
  getHealth: { method: "GET", path: "/health", status: 200 },
  getOpenApiDocument: { method: "GET", path: "/openapi.json", status: 200 },
};

/** Each in a world of its own, so that what one changes the next doesn't see. */
export const routeWorld = async (): Promise<ApiUnderTest> => {
  const api = apiUnderTest();
  const refusal = Object.assign(new Error("Access denied"), { name: "AccessDenied" });
  api.sts.on(AssumeRoleCommand).rejects(refusal);
  await withTarget(api);
  return api;
};
