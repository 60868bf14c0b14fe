/** Registers many at once: finds them in EC2 by ids or by tags, and answers for each. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { findByIds, findByTags } from "../../adapters/aws/ec2/found-instances.ts";
import { getAccount } from "../../adapters/store/accounts.ts";
import type { Account } from "../../core/model/account.ts";
import type { FoundInstance } from "../../core/model/found-instance.ts";
import type { InstanceId } from "../../core/model/ids.ts";
import { nameOf, subjectOf } from "../../core/model/subject.ts";
import { registerFound, targetIdsUnder, type Registration } from "../evaluation/register-found.ts";
import type { ApiContext } from "./context.ts";
import { subjectsAsked, type Registrable } from "./preflight-subjects.ts";
import { presentMember } from "./present-member.ts";
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

/** What an answer is given for. `subjectId`: of a preflight. */
type Asked = Registrable & { readonly subjectId?: string };

interface Looked {
  readonly asked: readonly Asked[];
  /** What EC2 shows of it. */
  readonly shown: readonly FoundInstance[];
  readonly cursor?: string;
}

const ofInstances = (ids: readonly InstanceId[]): readonly Asked[] =>
  ids.map((instanceId) => ({ instanceId }));

/** Each once. */
const idsOf = (asked: readonly Asked[]): readonly InstanceId[] => [
  ...new Set(asked.flatMap((one) => ("instanceId" in one ? one.instanceId : []))),
];

/** EC2 refuses a question that names nothing. */
const findSome = async (ec2: EC2Client, asked: readonly Asked[]): Promise<Looked> => {
  const ids = idsOf(asked);
  return { asked, shown: ids.length === 0 ? [] : await findByIds(ec2, ids) };
};

/** Members come and go: a group that was looked at days ago is registered by one that is there now. */
const byPresentMembers = async (ec2: EC2Client, { asked, shown }: Looked): Promise<Looked> => {
  const others: FoundInstance[] = [];
  const byOne = async (one: Asked): Promise<Asked> => {
    if (one.subjectId === undefined || !("instanceId" in one)) return one;
    const { subjectId } = one;
    const named = shown.find(({ instanceId }) => instanceId === one.instanceId);
    const present = await presentMember(ec2, subjectId, named);
    if (present.kind === "ABSENT") return one;
    if (present.kind === "LEFT") return { subjectId, sentence: present.sentence };
    others.push(present.instance);
    return { subjectId, instanceId: present.instance.instanceId };
  };
  const present: Asked[] = [];
  for (const one of asked) present.push(await byOne(one));
  return { asked: present, shown: [...shown, ...others] };
};

const look = async (
  context: ApiContext,
  account: Account,
  body: RegisterManyJson,
): Promise<Looked> => {
  const { region, instance_ids: ids, tags = {}, preflight_id: preflightId, cursor } = body;
  const open = () => context.customer(account, region, `many-${context.randomId()}`);
  if (preflightId !== undefined) {
    const { outcome, subject_ids: subjectIds } = body;
    const limit = mostAtOnce;
    const question = { preflightId, region, outcome, subjectIds, cursor, limit };
    const { items, ...more } = await subjectsAsked(context, account, question);
    const { ec2 } = await open();
    return { ...(await byPresentMembers(ec2, await findSome(ec2, items))), ...more };
  }
  const { ec2 } = await open();
  if (ids !== undefined) return findSome(ec2, ofInstances(ids));
  const { items: shown, ...more } = await findByTags(ec2, tags, {
    limit: mostAtOnce,
    ...(cursor === undefined ? {} : { cursor }),
  });
  return { asked: ofInstances(shown.map(({ instanceId }) => instanceId)), shown, ...more };
};

const registrationJson = (asked: Asked, answer: Registration): RegistrationJson => ({
  ...("instanceId" in asked && { instance_id: asked.instanceId }),
  ...(asked.subjectId !== undefined && { subject_id: asked.subjectId }),
  ...(answer.kind === "REFUSED"
    ? { outcome: answer.kind, detail: answer.sentence }
    : {
        outcome: answer.kind,
        target_id: answer.target.targetId,
        pipeline_mode: answer.target.pipelineMode,
        subject: nameOf(subjectOf(answer.target)),
      }),
});

const refused = (sentence: string): Registration => ({ kind: "REFUSED", sentence });

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
  const { asked, shown, ...more } = await look(context, account, body);
  const found = idsOf(asked).flatMap(
    (id) => shown.find(({ instanceId }) => instanceId === id) ?? [],
  );
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
  const notShown = refused(
    `EC2 shows no such instance in ${body.region} of account ${account.accountId}. A new one may need some seconds.`,
  );
  const answerTo = (one: Asked): Registration =>
    "sentence" in one ? refused(one.sentence) : (byId.get(one.instanceId) ?? notShown);
  const items = asked.map((one) => registrationJson(one, answerTo(one)));
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
