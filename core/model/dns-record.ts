/** A record of a hosted zone of Route 53, as far as it says whom it points at. */
export interface DnsRecord {
  /** `example.com.` */
  readonly zone: string;
  readonly zoneId: string;
  /** `www.example.com.` */
  readonly name: string;
  /** `A`, `CNAME`, `TXT` … */
  readonly type: string;
}
