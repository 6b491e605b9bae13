/** Programs of the Python SDK that have no twin, and why. */
export const OTHERWISE: { readonly [name: string]: string } = {
  estimator_spot_no_max_wait: 'a spot job without a maximum wait is refused by the service; Capacity.spot must be given one',
  estimator_retry_max_wait: 'a maximum wait means something for spot capacity alone, and is an option of that',
  input_compression: 'compressed objects are read through a pipe alone; the SDK sends what the service refuses',
};
