/** Says of the KMS keys of an account's targets whether a switch could use them. No ground to refuse the account: each concerns its targets. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { KMSClient } from "@aws-sdk/client-kms";
import { readTemplatesOf } from "../../adapters/aws/autoscaling/templates.ts";
import { mostInstances, readVolumeKeys } from "../../adapters/aws/ec2/volume-keys.ts";
import { listTargets } from "../../adapters/store/targets.ts";
import { keyFindings } from "../../core/decide/switch/key-findings.ts";
import { groupKeyWords, instanceKeyWords } from "../../core/decide/switch/key-words.ts";
import { unreadKeys } from "../../core/decide/switch/unread-keys.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Account } from "../../core/model/account.ts";
import type { KeyFacts } from "../../core/model/kms-key.ts";
import { askEncryptionByDefault } from "../evaluation/ebs-standing.ts";
import {
  copyOfRoot,
  keysOfLaunch,
  volumesOfTemplate,
  type LaunchedKeys,
  type LaunchedVolume,
} from "../evaluation/launched-keys.ts";
import { readKeys } from "../evaluation/read-keys.ts";
import type { ApiContext } from "./context.ts";
import type { VerificationJson } from "./schemas/verification.ts";

type KeyJson = VerificationJson["keys"][number];

interface Where {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly kms: KMSClient;
  readonly account: Account;
  readonly region: string;
}

/** More would not be answered in the time that API Gateway waits. */
const mostKeys = 20;
/** Each costs some four calls. */
const mostGroups = 10;
const pageSize = 100;

interface Subjects {
  readonly instanceIds: string[];
  readonly asgNames: Set<string>;
}

const subjectsIn = async (
  { table }: Pick<ApiContext, "table">,
  { account, region }: Where,
): Promise<Subjects> => {
  const found: Subjects = { instanceIds: [], asgNames: new Set() };
  let cursor: string | undefined;
  do {
    const page = await listTargets(table, {
      accountId: account.accountId,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const target of page.items) {
      if (target.region !== region) continue;
      if (target.pipelineMode === "LINEAR") found.instanceIds.push(target.instanceId);
      if (target.pipelineMode === "CLUSTER") found.asgNames.add(target.group.asgName);
    }
    cursor = page.cursor;
  } while (cursor !== undefined && found.instanceIds.length <= mostInstances);
  return found;
};

interface Volumes {
  readonly encrypted: LaunchedKeys["known"];
  readonly launched: readonly LaunchedVolume[];
}

/** Volumes of instances under keys, and what their clones would be launched with where no key is known. */
const ofInstances = async ({ ec2 }: Where, instanceIds: readonly string[]): Promise<Volumes> => {
  const volumes = await readVolumeKeys(ec2, instanceIds.slice(0, mostInstances));
  return {
    encrypted: volumes.flatMap(({ volumeId: id, isRoot: isLaunched, keyId }) =>
      keyId === undefined ? [] : [{ id, isLaunched, keyId }],
    ),
    launched: volumes.flatMap(({ volumeId, isRoot, keyId }) =>
      isRoot && keyId === undefined ? [copyOfRoot(volumeId)] : [],
    ),
  };
};

/** What their groups would launch. */
const ofGroups = async (
  { autoScaling, ec2 }: Where,
  asgNames: readonly string[],
): Promise<readonly LaunchedVolume[]> => {
  const templates = await readTemplatesOf({ autoScaling, ec2 }, asgNames.slice(0, mostGroups));
  return templates.flatMap(volumesOfTemplate);
};

const keyJson = (key: KeyFacts, { account, region }: Where): KeyJson => {
  const head = { key_id: key.keyId ?? "unknown", region, volumes: [...key.of] };
  const words = key.of.some((id) => /\bvol-/.test(id)) ? instanceKeyWords : groupKeyWords;
  const findings = keyFindings([key], account, words).map(({ sentence }) => sentence);
  if (findings.length > 0) return { ...head, status: "UNUSABLE", message: findings.join(" ") };
  const unread = unreadKeys([key], words);
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
  const { kms, account } = where;
  const { instanceIds, asgNames } = await subjectsIn(context, where);
  try {
    const own = await ofInstances(where, instanceIds);
    const ofTemplates = await ofGroups(where, [...asgNames]);
    const volumes = [...own.launched, ...ofTemplates];
    const place = { ...where, table: context.table, now: context.now() };
    const isEncryptedByDefault = () => askEncryptionByDefault(where.ec2, place);
    // Noted for the first evaluations also where nothing is registered yet.
    if (volumes.length === 0) await isEncryptedByDefault();
    const launched = await keysOfLaunch({ ec2: where.ec2, isEncryptedByDefault }, volumes);
    const all = [...own.encrypted, ...launched.known];
    const named = [...new Set(all.map(({ keyId }) => keyId))];
    const looked = new Set(named.slice(0, mostKeys));
    const encrypted = all.filter(({ keyId }) => looked.has(keyId));
    const found = await readKeys({ kms, account, isSpot: true }, encrypted);
    return {
      keys: [...found, ...launched.unread].map((key) => keyJson(key, where)),
      isPart:
        instanceIds.length > mostInstances ||
        asgNames.size > mostGroups ||
        named.length > looked.size,
    };
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || error.name !== "BrokenPermission") throw error;
    return { keys: [], isPart: instanceIds.length + asgNames.size > 0 };
  }
};
