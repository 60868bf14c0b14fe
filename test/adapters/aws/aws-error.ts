/** Errors as the SDK throws them: named by AWS's code, with the HTTP status and the request id. */
import { EC2ServiceException } from "@aws-sdk/client-ec2";

export const awsError = (
  name: string,
  options: { readonly status?: number; readonly message?: string } = {},
): EC2ServiceException =>
  new EC2ServiceException({
    name,
    $fault: (options.status ?? 400) >= 500 ? "server" : "client",
    message: options.message ?? `EC2's words about ${name}`,
    $metadata: { httpStatusCode: options.status ?? 400, requestId: `req-${name}` },
  });

/** What a call threw, for looking at more than its name. */
export const thrownBy = async (call: () => Promise<unknown>): Promise<unknown> => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("expected the call to throw");
};

export const metadata = (requestId = "req-1"): { requestId: string; httpStatusCode: number } => ({
  requestId,
  httpStatusCode: 200,
});
