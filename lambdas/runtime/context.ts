/** What every step is given: the clock, the state table, and clients for our account and for the customer's. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { PricingClient } from "@aws-sdk/client-pricing";
import type { STSClient } from "@aws-sdk/client-sts";
import type { CustomerCredentials } from "../../adapters/aws/sts.ts";
import { createCredentialCache } from "../../adapters/aws/sts.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { Account } from "../../core/model/account.ts";
import type { Log } from "./log.ts";

/** Clients that act in the customer's account, in one region, under one evaluation's session. */
export interface CustomerClients {
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
}

export interface ClientFactory {
  readonly sts: STSClient;
  readonly pricing: PricingClient;
  /** EC2 in our own account: market data cost the customer no request. */
  readonly marketEc2: (region: string) => EC2Client;
  readonly customer: (credentials: CustomerCredentials, region: string) => CustomerClients;
}

export interface StepContext {
  readonly now: () => Date;
  readonly table: Table;
  readonly log: Log;
  readonly sts: STSClient;
  readonly pricing: PricingClient;
  readonly marketEc2: (region: string) => EC2Client;
  /** Assumes the customer's role (cached until 5 minutes before expiry); `sessionName` is the evaluation id. */
  readonly customer: (
    account: Account,
    region: string,
    sessionName: string,
  ) => Promise<CustomerClients>;
  /** Clients of a session under this name that can be used still; undefined where `customer` has to open one. */
  readonly openCustomer: (
    region: string,
    sessionName: string,
  ) => Promise<CustomerClients> | undefined;
  /** The customer's account turned a session away before its time: the next call assumes the role anew. */
  readonly forgetSessions: (account: Account) => void;
  readonly fetch: typeof fetch;
  readonly advisorFeedUrl: string;
}

/** One pair of clients per session and region: each new one would open connections of its own. */
const keepClients = (clients: ClientFactory): ClientFactory["customer"] => {
  const made = new WeakMap<CustomerCredentials, Map<string, CustomerClients>>();
  return (credentials, region) => {
    const ofSession = made.get(credentials) ?? new Map<string, CustomerClients>();
    made.set(credentials, ofSession);
    const kept = ofSession.get(region) ?? clients.customer(credentials, region);
    ofSession.set(region, kept);
    return kept;
  };
};

export const createContext = (parts: {
  readonly now: () => Date;
  readonly table: Table;
  readonly log: Log;
  readonly clients: ClientFactory;
  readonly fetch: typeof fetch;
  readonly advisorFeedUrl: string;
}): StepContext => {
  const { clients } = parts;
  const credentials = createCredentialCache();
  const customerClients = keepClients(clients);
  return {
    now: parts.now,
    table: parts.table,
    log: parts.log,
    sts: clients.sts,
    pricing: clients.pricing,
    marketEc2: clients.marketEc2,
    fetch: parts.fetch,
    advisorFeedUrl: parts.advisorFeedUrl,
    forgetSessions: (account) => {
      credentials.forget(account.roleArn);
    },
    openCustomer: (region, sessionName) =>
      credentials
        .kept(sessionName, parts.now())
        ?.then((session) => customerClients(session, region)),
    customer: async (account, region, sessionName) =>
      customerClients(
        await credentials.get(clients.sts, {
          roleArn: account.roleArn,
          externalId: account.externalId,
          sessionName,
          now: parts.now(),
        }),
        region,
      ),
  };
};
