/** Registers many at once: finds them in EC2 by ids or by tags, and answers for each. */
import { findByIds, findByTags } from "../../adapters/aws/ec2/found-instances.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import type { Account } from "../../core/model/account.ts";
import type { FoundInstance } from "../../core/model/found-instance.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import { nameOf, subjectOf } from "../../core/model/subject.ts";
import { registerFound, targetIdsUnder, type Registration } from "../evaluation/register-found.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalid } from "./problem.ts";
import {
  mostAtOnce,
  type RegisteredManyJson,
  type RegisterManyJson,
  type RegistrationJson,
} from "./schemas/bulk-registration.ts";

const requireUsable = async (context: ApiContext, body: RegisterManyJson): Promise<Account> => {
  const { account_id: accountId, region } = body;
  const account = await getAccount(context.table, accountId);
  if (account === undefined) {
    throw invalid("body", [
      { field: "account_id", message: `account ${accountId} is not connected` },
    ]);
  }
  if (!account.regions.includes(region)) {
    throw invalid("body", [
      {
        field: "region",
        message: `is not among those of account ${accountId} (${account.regions.join(", ")})`,
      },
    ]);
  }
  if (account.status !== "ACTIVE") {
    throw new ApiProblem(
      "conflict",
      `Account ${accountId} is ${account.status}, so that its instances can't be looked at: verify it first.`,
    );
  }
  return account;
};

interface Looked {
  /** What EC2 shows. */
  readonly items: readonly FoundInstance[];
  readonly cursor?: string;
}

const look = async (
  context: ApiContext,
  account: Account,
  { region, instance_ids: ids, tags = {}, cursor }: RegisterManyJson,
): Promise<Looked> => {
  const { ec2 } = await context.customer(account, region, `many-${context.randomId()}`);
  if (ids !== undefined) return { items: await findByIds(ec2, ids) };
  return findByTags(ec2, tags, {
    limit: mostAtOnce,
    ...(cursor === undefined ? {} : { cursor }),
  });
};

const registrationJson = (instanceId: InstanceId, answer: Registration): RegistrationJson =>
  answer.kind === "REFUSED"
    ? { instance_id: instanceId, outcome: answer.kind, detail: answer.sentence }
    : {
        instance_id: instanceId,
        outcome: answer.kind,
        target_id: answer.target.targetId,
        pipeline_mode: answer.target.pipelineMode,
        subject: nameOf(subjectOf(answer.target)),
      };

/**
 * @param reference the same for a request that is repeated
 * @throws problems 409 (the account is not ACTIVE) and 422 naming the field, 400 for a cursor of another list; what AWS and the store
 * throw: what was registered by then stays so
 */
export const registerMany = async (
  context: ApiContext,
  body: RegisterManyJson,
  reference: string,
): Promise<RegisteredManyJson> => {
  const account = await requireUsable(context, body);
  const { items: shown, ...more } = await look(context, account, body);
  const asked = body.instance_ids ?? shown.map(({ instanceId }) => instanceId);
  const found = asked.flatMap((id) => shown.find(({ instanceId }) => instanceId === id) ?? []);
  const answers = await registerFound(
    {
      table: context.table,
      accountId: account.accountId,
      region: body.region,
      now: context.now(),
      targetIdFor: targetIdsUnder(reference),
    },
    found,
  );
  const byId = new Map(found.map(({ instanceId }, index) => [instanceId, answers[index]]));
  const notShown: Registration = {
    kind: "REFUSED",
    sentence: `EC2 shows no such instance in ${body.region} of account ${account.accountId}. A new one may need some seconds.`,
  };
  const items = asked.map((id) => registrationJson(id, byId.get(id) ?? notShown));
  const having = (outcome: RegistrationJson["outcome"]): number =>
    items.filter((item) => item.outcome === outcome).length;
  return {
    items,
    registered: having("REGISTERED"),
    already_registered: having("ALREADY_REGISTERED"),
    refused: having("REFUSED"),
    ...more,
  };
};
