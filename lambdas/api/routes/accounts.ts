/** Connect and manage customer accounts. */
import { createRoute } from "@hono/zod-openapi";
import {
  createAccount,
  getAccount,
  listAccounts,
  updateAccount,
} from "../../../adapters/store/accounts.ts";
import { readApprovalSettings } from "../../../adapters/store/approval-settings.ts";
import { readFindByTags } from "../../../adapters/store/find-by-tags.ts";
import { readOffBoarding } from "../../../adapters/store/off-boardings.ts";
import { listPlaceStandings } from "../../../adapters/store/place-standings.ts";
import { readSwitching } from "../../../adapters/store/switching.ts";
import { accountSchema as accountRecordSchema, type Account } from "../../../core/model/account.ts";
import type { AccountId } from "../../../core/model/ids.ts";
import { answerOnce } from "../answer-once.ts";
import { audit } from "../audit-trail.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { camelKeys } from "../letter-case.ts";
import { ApiProblem } from "../problem.ts";
import { locationOf } from "../public-path.ts";
import { customerRoleArn } from "../role-template.ts";
import {
  accountJson,
  accountListQuery,
  accountPageSchema,
  accountSchema,
  accountWithSwitchingJson,
  accountWithSwitchingSchema,
  createAccountSchema,
  createdAccountSchema,
  patchAccountSchema,
  type CreateAccountJson,
  type CreatedAccountJson,
  type PatchAccountJson,
} from "../schemas/accounts.ts";
import { accountParams, idempotencyHeaders, json, jsonBody, problems } from "../schemas/common.ts";

const tags = ["accounts"];

const createAccountRoute = createRoute({
  method: "post",
  path: "/accounts",
  tags,
  operationId: "createAccount",
  summary: "Connect a customer account",
  description:
    "Derives the role ARN from the account id and generates the ExternalId, which is returned here only.",
  request: { headers: idempotencyHeaders, body: jsonBody(createAccountSchema) },
  responses: {
    201: json("The account, PENDING until it is verified.", createdAccountSchema),
    ...problems(400, 409, 413, 415, 422),
  },
});

const listAccountsRoute = createRoute({
  method: "get",
  path: "/accounts",
  tags,
  operationId: "listAccounts",
  summary: "List the connected accounts",
  request: { query: accountListQuery },
  responses: { 200: json("A page of accounts.", accountPageSchema), ...problems(400) },
});

const getAccountRoute = createRoute({
  method: "get",
  path: "/accounts/{id}",
  tags,
  operationId: "getAccount",
  summary: "Show an account",
  request: { params: accountParams },
  responses: {
    200: json("The account.", accountWithSwitchingSchema),
    ...problems(400, 404),
  },
});

const patchAccountRoute = createRoute({
  method: "patch",
  path: "/accounts/{id}",
  tags,
  operationId: "patchAccount",
  summary: "Change an account",
  request: { params: accountParams, body: jsonBody(patchAccountSchema) },
  responses: {
    200: json("The account as changed.", accountSchema),
    ...problems(400, 404, 413, 415, 422),
  },
});

export const requireAccount = async (context: ApiContext, id: AccountId): Promise<Account> => {
  const account = await getAccount(context.table, id);
  if (account !== undefined) return account;
  throw new ApiProblem("not-found", `Account ${id} is not connected.`, {
    errors: [{ field: "id", message: "is not a connected account" }],
  });
};

/** The account, with what stands beside it. */
export const showAccount = async ({ table, now }: ApiContext, account: Account) => {
  const switching = await readSwitching(table, account.accountId);
  const found = await readFindByTags(table, account.accountId);
  const places = await listPlaceStandings(table, account.accountId);
  const approvals = await readApprovalSettings(table, account.accountId);
  const offBoarding = await readOffBoarding(table, account.accountId);
  const beside = { switching, found, places, approvals, offBoarding };
  return accountWithSwitchingJson(account, beside, now());
};

/** 40 random characters, 200 bits: nobody guesses another customer's. */
const newExternalId = (context: ApiContext): string =>
  `spot-optimizer-${context.randomId()}${context.randomId()}`;

/** A repeat brings the ExternalId of the first attempt, by which it knows its own work. */
const connect = async (
  context: ApiContext,
  body: CreateAccountJson,
  externalId: string,
): Promise<CreatedAccountJson> => {
  const now = context.now().toISOString();
  const account: Account = {
    accountId: body.account_id,
    name: body.name,
    environment: body.environment,
    roleArn: customerRoleArn(body.account_id),
    externalId,
    regions: body.regions,
    status: "PENDING",
    createdAt: now,
    updatedAt: now,
  };
  const { kind } = await createAccount(context.table, account);
  const stored = kind === "WRITTEN" ? account : await getAccount(context.table, body.account_id);
  if (stored?.externalId !== externalId) {
    throw new ApiProblem("conflict", `Account ${body.account_id} is connected already.`, {
      errors: [{ field: "account_id", message: "is connected already" }],
    });
  }
  return { ...accountJson(stored), external_id: externalId };
};

/** Null takes a limit away: the default applies again. */
const applyPatch = (account: Account, patch: PatchAccountJson, now: string): Account =>
  accountRecordSchema().parse(
    Object.fromEntries(
      Object.entries<unknown>({
        ...account,
        ...(camelKeys(patch) as object),
        updatedAt: now,
      }).filter(([, value]) => value !== null),
    ),
  );

const addReadRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(listAccountsRoute, async (request) => {
    const page = await listAccounts(context.table, request.req.valid("query"));
    return request.json({ ...page, items: page.items.map(accountJson) }, 200);
  });
  app.openapi(getAccountRoute, async (request) => {
    const { id } = request.req.valid("param");
    const account = await requireAccount(context, id);
    return request.json(await showAccount(context, account), 200);
  });
};

export const addAccountRoutes = (app: ApiApp, context: ApiContext): void => {
  app.openapi(createAccountRoute, async (request) => {
    const body = request.req.valid("json");
    const created = await answerOnce(context, request, {
      schema: createdAccountSchema,
      status: 201,
      body,
      newReference: () => newExternalId(context),
      act: async (externalId) => {
        const account = await connect(context, body, externalId);
        await audit(context, request, {
          action: "CREATE_ACCOUNT",
          resource: `account ${body.account_id}`,
          detail: body,
        });
        return account;
      },
    });
    request.header("location", locationOf(request, `/accounts/${created.account_id}`));
    return request.json(created, 201);
  });
  addReadRoutes(app, context);
  app.openapi(patchAccountRoute, async (request) => {
    const { id } = request.req.valid("param");
    const patch = request.req.valid("json");
    await requireAccount(context, id);
    const now = context.now().toISOString();
    const changed = await updateAccount(context.table, id, (account) =>
      applyPatch(account, patch, now),
    );
    await audit(context, request, {
      action: "UPDATE_ACCOUNT",
      resource: `account ${id}`,
      detail: patch,
    });
    return request.json(accountJson(changed), 200);
  });
};
