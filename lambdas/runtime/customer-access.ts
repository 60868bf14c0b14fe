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

/** Each is made when it is first read: a step names all that it may need, and a call of it needs a few. */
const madeWhenRead = <Name extends CustomerClientName>(
  makers: ClientMakers<Name>,
  region: string,
  credentials: CustomerCredentials,
): Clients<Name> => {
  const clients = {};
  for (const name of Object.keys(makers) as unknown as readonly Name[]) {
    let made: CustomerClients[Name] | undefined;
    const get = (): CustomerClients[Name] => (made ??= makers[name](region, credentials));
    Object.defineProperty(clients, name, { enumerable: true, get });
  }
  return clients as Clients<Name>;
};

/** Each new set would open connections of its own. */
const keepClients = <Name extends CustomerClientName>(makers: ClientMakers<Name>) => {
  const made = new WeakMap<CustomerCredentials, Map<string, Clients<Name>>>();
  return (credentials: CustomerCredentials, region: string): Clients<Name> => {
    const ofSession = made.get(credentials) ?? new Map<string, Clients<Name>>();
    made.set(credentials, ofSession);
    const kept = ofSession.get(region) ?? madeWhenRead(makers, region, credentials);
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
