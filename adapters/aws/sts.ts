/** The customer's role: assumed per evaluation, kept in memory until shortly before it expires, never logged. */
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  type Credentials,
  type STSClient,
} from "@aws-sdk/client-sts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal } from "./translate-error.ts";

/** Fits the SDK's credential identity, so it can be given to a client as it is. */
export interface CustomerCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

export interface AssumeRoleInput {
  readonly roleArn: string;
  readonly externalId: string;
  /** The evaluation's id: what the customer's CloudTrail shows. */
  readonly sessionName: string;
  readonly now: Date;
  /** Session policy (JSON, at most 2,048 characters) that narrows the role to this run. */
  readonly policy?: string;
}

/** Role chaining allows one hour at most; a longer wish is an error. */
const sessionSeconds = 3600;

/** The shortest that STS grants; the proof throws the session away at once. */
const shortestSessionSeconds = 900;

/** A session this close to its end is not handed out: a step may use it for minutes. */
const marginMs = 5 * 60_000;

const readCredentials = (
  credentials: Credentials | undefined,
  roleArn: string,
): CustomerCredentials => {
  const of = `the credentials of ${roleArn}`;
  return {
    accessKeyId: required(credentials?.AccessKeyId, of),
    secretAccessKey: required(credentials?.SecretAccessKey, of),
    sessionToken: required(credentials?.SessionToken, of),
    expiresAt: required(credentials?.Expiration, `the end of the session of ${roleArn}`),
  };
};

/**
 * Throws BrokenPermission if the role's trust does not let us in, Retryable… if STS can't be reached, and
 * BrokenFacts if the answer holds no credentials or only expired ones (a clock is wrong).
 */
export const assumeRole = async (
  sts: STSClient,
  input: AssumeRoleInput,
): Promise<CustomerCredentials> => {
  const about = { action: "AssumeRole", resource: input.roleArn, secrets: [input.externalId] };
  const answer = await callAws(about, () =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: input.roleArn,
        RoleSessionName: input.sessionName,
        ExternalId: input.externalId,
        DurationSeconds: sessionSeconds,
        ...(input.policy === undefined ? {} : { Policy: input.policy }),
      }),
    ),
  );
  const credentials = readCredentials(answer.Credentials, input.roleArn);
  if (credentials.expiresAt.getTime() <= input.now.getTime()) {
    throw new SpotOptimizerError(
      "BrokenFacts",
      `STS gave a session of ${input.roleArn} that ended at ${credentials.expiresAt.toISOString()}, before now.`,
      { resource: input.roleArn, nextStep: "compare our clock with AWS's." },
    );
  }
  return credentials;
};

export interface CredentialCache {
  /** Of a session that can be used still, without its role: undefined where none was begun under this name. */
  kept(sessionName: string, now: Date): Promise<CustomerCredentials> | undefined;
  get(sts: STSClient, input: AssumeRoleInput): Promise<CustomerCredentials>;
  /** To be called when AWS says that a session expired: the next `get` assumes the role again. */
  forget(roleArn: string): void;
}

interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly credentials: Promise<CustomerCredentials>;
  /** Milliseconds since the epoch; infinite while the call is under way. */
  usableUntilMs: number;
}

const sessionKey = (input: AssumeRoleInput): string =>
  JSON.stringify([input.roleArn, input.sessionName, input.externalId, input.policy ?? ""]);

/** One session per role, session name and policy. Parallel `get`s share one call; a failed one is not kept. */
export const createCredentialCache = (): CredentialCache => {
  const sessions = new Map<string, Session>();

  const dropEnded = (nowMs: number): void => {
    for (const [key, session] of sessions) {
      if (session.usableUntilMs <= nowMs) sessions.delete(key);
    }
  };

  const begin = (sts: STSClient, input: AssumeRoleInput): Session => {
    const key = sessionKey(input);
    const session: Session = {
      roleArn: input.roleArn,
      sessionName: input.sessionName,
      usableUntilMs: Infinity,
      credentials: assumeRole(sts, input).then(
        (credentials) => {
          session.usableUntilMs = credentials.expiresAt.getTime() - marginMs;
          return credentials;
        },
        (error: unknown) => {
          if (sessions.get(key) === session) sessions.delete(key);
          throw error;
        },
      ),
    };
    sessions.set(key, session);
    return session;
  };

  return {
    kept: (sessionName, now) => {
      dropEnded(now.getTime());
      return [...sessions.values()].find((session) => session.sessionName === sessionName)
        ?.credentials;
    },
    get: async (sts, input) => {
      dropEnded(input.now.getTime());
      const session = sessions.get(sessionKey(input)) ?? begin(sts, input);
      return session.credentials;
    },
    forget: (roleArn) => {
      for (const [key, session] of sessions) {
        if (session.roleArn === roleArn) sessions.delete(key);
      }
    },
  };
};

/**
 * The proof that the trust policy really asks for the ExternalId: without it we must be turned away.
 * Anything but a clear answer (throttling, an outage) is thrown: it proves nothing.
 */
export const tryWithoutExternalId = async (
  sts: STSClient,
  input: { readonly roleArn: string; readonly sessionName: string },
): Promise<{ readonly kind: "DENIED" } | { readonly kind: "ASSUMED" }> => {
  try {
    await callAws({ action: "AssumeRole", resource: input.roleArn }, () =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: input.roleArn,
          RoleSessionName: input.sessionName,
          DurationSeconds: shortestSessionSeconds,
        }),
      ),
    );
    return { kind: "ASSUMED" };
  } catch (error) {
    expectRefusal(error, isTrustDenial);
    return { kind: "DENIED" };
  }
};

/** Our own credentials being invalid is a denial too, and proves nothing about the role. */
const isTrustDenial = (code: string): boolean => code.startsWith("AccessDenied");

/** Whose credentials the client has. */
export const callerArn = async (sts: STSClient): Promise<string> => {
  const about = { action: "GetCallerIdentity", role: "own" as const };
  const { Arn } = await callAws(about, () => sts.send(new GetCallerIdentityCommand({})));
  return required(Arn, "who calls");
};
