/** Says of the KMS keys of an account's targets whether a switch could use them. No ground to refuse the account: each concerns its targets. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { KMSClient } from "@aws-sdk/client-kms";
import { mostInstances, readEncryptedVolumes } from "../../adapters/aws/ec2/encrypted-volumes.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import { keyFindings } from "../../core/decide/linear/key-findings.ts";
import { unreadKeys } from "../../core/decide/linear/unread-keys.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { KeyFacts } from "../../core/model/kms-key.ts";
import { readKeys } from "../evaluation/read-keys.ts";
import type { ApiContext } from "./context.ts";
import type { VerificationJson } from "./schemas/verification.ts";

type KeyJson = VerificationJson["keys"][number];

interface Where {
  readonly ec2: EC2Client;
  readonly kms: KMSClient;
  readonly account: Account;
  readonly region: string;
}

/** More would not be answered in the time that API Gateway waits. */
const mostKeys = 20;
const pageSize = 100;

const instancesOf = async (
  { table }: Pick<ApiContext, "table">,
  { account, region }: Where,
): Promise<readonly string[]> => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      accountId: account.accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(
      ...page.items.flatMap((target) =>
        target.pipelineMode === "LINEAR" && target.region === region ? [target.instanceId] : [],
      ),
    );
    cursor = page.cursor;
  } while (cursor !== undefined && found.length <= mostInstances);
  return found;
};

const keyJson = (key: KeyFacts, { account, region }: Where): KeyJson => {
  const head = { key_id: key.keyId ?? "unknown", region, volumes: [...key.of] };
  const findings = keyFindings([key], account).map(({ sentence }) => sentence);
  if (findings.length > 0) return { ...head, status: "UNUSABLE", message: findings.join(" ") };
  const unread = unreadKeys([key]);
  return unread === undefined
    ? { ...head, status: "USABLE", message: "Nothing stands against it." }
    : { ...head, status: "UNREAD", message: unread };
};

export interface VerifiedKeys {
  readonly keys: readonly KeyJson[];
  /** There are more targets or keys than were looked at. */
  readonly isPart: boolean;
}

/** None where the volumes may not be read: the permissions that were tried say so. */
export const verifyKeys = async (context: ApiContext, where: Where): Promise<VerifiedKeys> => {
  const { ec2, kms, account } = where;
  const instances = await instancesOf(context, where);
  try {
    const volumes = await readEncryptedVolumes(ec2, instances.slice(0, mostInstances));
    const all = new Set(volumes.map(({ keyId }) => keyId));
    const looked = new Set([...all].slice(0, mostKeys));
    const encrypted = volumes
      .filter(({ keyId }) => looked.has(keyId))
      .map(({ volumeId: id, isRoot: isLaunched, keyId }) => ({ id, isLaunched, keyId }));
    const found = await readKeys({ kms, account, isSpot: true }, encrypted);
    return {
      keys: found.map((key) => keyJson(key, where)),
      isPart: instances.length > mostInstances || all.size > mostKeys,
    };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenPermission") throw error;
    return { keys: [], isPart: instances.length > 0 };
  }
};
