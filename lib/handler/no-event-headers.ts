/** Stands in for what writes the headers of a signed message of an event stream: the signer makes one, and the handler signs none. */
export class HeaderFormatter {}
