/** An account with what is given out in secret in it, and what its functions log, from the first call on. */
import { collectSecrets, type Secrets } from "./secrets.ts";
import { openAccount, type AccountOptions, type LabAccount } from "./account.ts";

export interface WatchedAccount {
  readonly account: LabAccount;
  readonly secrets: Secrets;
  readonly logged: readonly string[];
}

type Common = "startMs" | "region" | "version" | "name" | "isRecalled" | "log" | "onPlatform";

/** Registered as "workshop" in us-east-1 at that time; its ExternalId is among the secrets. */
export const openWatchedAccount = async (
  options: Omit<AccountOptions, Common>,
  startMs: number,
): Promise<WatchedAccount> => {
  const logged: string[] = [];
  const note = (message: string, keys: unknown = {}): void => {
    logged.push(`${message} ${JSON.stringify(keys)}`);
  };
  const found: { secrets?: Secrets } = {};
  const account = await openAccount({
    startMs,
    region: "us-east-1",
    version: "0.0.0",
    name: "workshop",
    isRecalled: true,
    ...options,
    log: { info: note, warn: note, error: note },
    onPlatform: (platform) => {
      found.secrets = collectSecrets(platform);
    },
  });
  const { secrets } = found;
  if (secrets === undefined) throw new Error("The account was opened without a platform.");
  secrets.add(account.externalId);
  return { account, secrets, logged };
};
