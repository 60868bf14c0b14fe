/** The way into customers' accounts: one session per role and evaluation, one set of clients per session and region. */
import type { STSClient } from "@aws-sdk/client-sts";
import { createCredentialCache, type CustomerCredentials } from "../../adapters/aws/sts.ts";
import type { CustomerAccess, CustomerClientName, CustomerClients } from "./context.ts";

/** Of each client by its name. */
export type ClientMakers<Name extends CustomerClientName> = {
  readonly [Each in Name]: (
    region: string,
    credentials: CustomerCredentials,
  ) => CustomerClients[Each];
};

type Clients<Name extends CustomerClientName> = Pick<CustomerClients, Name>;

/** Each new set would open connections of its own. */
const keepClients = <Name extends CustomerClientName>(makers: ClientMakers<Name>) => {
  const names = Object.keys(makers) as unknown as readonly Name[];
  const made = new WeakMap<CustomerCredentials, Map<string, Clients<Name>>>();
  return (credentials: CustomerCredentials, region: string): Clients<Name> => {
    const ofSession = made.get(credentials) ?? new Map<string, Clients<Name>>();
    made.set(credentials, ofSession);
    const kept =
      ofSession.get(region) ??
      (Object.fromEntries(
        names.map((name) => [name, makers[name](region, credentials)]),
      ) as unknown as Clients<Name>);
    ofSession.set(region, kept);
    return kept;
  };
};

export const createCustomerAccess = <Name extends CustomerClientName>(parts: {
  readonly sts: STSClient;
  readonly now: () => Date;
  readonly makers: ClientMakers<Name>;
}): CustomerAccess<Name> => {
  const { sts, now, makers } = parts;
  const credentials = createCredentialCache();
  const clientsOf = keepClients(makers);
  return {
    customer: async (account, region, sessionName) =>
      clientsOf(
        await credentials.get(sts, {
          roleArn: account.roleArn,
          externalId: account.externalId,
          sessionName,
          now: now(),
        }),
        region,
      ),
    openCustomer: (region, sessionName) =>
      credentials.kept(sessionName, now())?.then((session) => clientsOf(session, region)),
    forgetSessions: (account) => {
      credentials.forget(account.roleArn);
    },
  };
};
