//! Stores, opened with the credentials that the tools of each cloud find too.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::client::ClientConfigKey;
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::signer::Signer;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};

use crate::error::{RemoteError, RemoteErrorKind};
use crate::profile::Profile;
use crate::url::{RemoteUrl, Scheme};

/// A bucket, for reading and writing and for signing links.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) signer: Arc<dyn Signer>,
}

/// One request may take this long: a part of an upload over a line of 512 kbit/s.
const LONGEST_REQUEST: &str = "300 s";
const CONNECT: &str = "10 s";
/// Where the machines of AWS and Azure ask for their own credentials.
const MACHINE_CREDENTIALS: ([u8; 4], u16) = ([169, 254, 169, 254], 80);
const MACHINE_PATIENCE: Duration = Duration::from_secs(1);

/// Opens the bucket of an address.
pub(crate) fn open(url: &RemoteUrl) -> Result<Store, RemoteError> {
    // An error means that a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let fail = |error| RemoteError::of_store(url, &error);
    match url.scheme() {
        Scheme::S3 => Ok(store(amazon(url)?.build().map_err(fail)?)),
        Scheme::Gs => Ok(store(google(url).build().map_err(fail)?)),
        Scheme::Az => Ok(store(azure(url)?.build().map_err(fail)?)),
        Scheme::Http | Scheme::Https => Err(RemoteError::new(
            url,
            RemoteErrorKind::Unsupported("this is the address of a web server, not of a bucket"),
        )),
    }
}

fn store<S: ObjectStore + Signer>(store: S) -> Store {
    let store = Arc::new(store);
    Store {
        objects: Arc::<S>::clone(&store),
        signer: store,
    }
}

/// In this order: the environment, the profile in `~/.aws`, a role for web identities or containers, the machine's.
fn amazon(url: &RemoteUrl) -> Result<AmazonS3Builder, RemoteError> {
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(url.bucket());
    let profile = Profile::chosen();
    let unset = |builder: &AmazonS3Builder, key: AmazonS3ConfigKey| builder.get_config_value(&key).is_none();
    let given = !unset(&builder, AmazonS3ConfigKey::AccessKeyId);
    if !given {
        for (name, key) in [
            ("aws_access_key_id", AmazonS3ConfigKey::AccessKeyId),
            ("aws_secret_access_key", AmazonS3ConfigKey::SecretAccessKey),
            ("aws_session_token", AmazonS3ConfigKey::Token),
        ] {
            if let Some(value) = profile.get(name) {
                builder = builder.with_config(key, value);
            }
        }
    }
    if unset(&builder, AmazonS3ConfigKey::Region)
        && unset(&builder, AmazonS3ConfigKey::DefaultRegion)
        && let Some(region) = profile.get("region")
    {
        builder = builder.with_region(region);
    }
    if unset(&builder, AmazonS3ConfigKey::Endpoint)
        && unset(&builder, AmazonS3ConfigKey::S3Endpoint)
        && let Some(endpoint) = profile.get("endpoint_url")
    {
        builder = builder.with_endpoint(endpoint);
    }
    let unsigned = builder
        .get_config_value(&AmazonS3ConfigKey::SkipSignature)
        .is_some_and(|skip| skip == "true");
    let elsewhere = [
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_METADATA_ENDPOINT",
    ];
    if !unsigned && unset(&builder, AmazonS3ConfigKey::AccessKeyId) && !any_set(&elsewhere) && !machine_has()
    {
        let hint = if profile.needs_another_tool() {
            "the profile in ~/.aws asks for a login or another program; run `eval \"$(aws configure export-credentials --format env)\"` first"
        } else {
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws, or AWS_SKIP_SIGNATURE=true for a public bucket"
        };
        return Err(RemoteError::new(url, RemoteErrorKind::NoCredentials(hint)));
    }
    Ok(builder
        .with_config(
            AmazonS3ConfigKey::Client(ClientConfigKey::Timeout),
            LONGEST_REQUEST,
        )
        .with_config(
            AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout),
            CONNECT,
        )
        .with_retry(retry()))
}

/// The environment, the file of `gcloud auth application-default login`, the machine's service account.
fn google(url: &RemoteUrl) -> GoogleCloudStorageBuilder {
    GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(url.bucket())
        .with_config(GoogleConfigKey::Client(ClientConfigKey::Timeout), LONGEST_REQUEST)
        .with_config(GoogleConfigKey::Client(ClientConfigKey::ConnectTimeout), CONNECT)
        .with_retry(retry())
}

/// The environment (key, shared access signature, service principal, workload identity), `az login`, the machine's.
fn azure(url: &RemoteUrl) -> Result<MicrosoftAzureBuilder, RemoteError> {
    let builder = MicrosoftAzureBuilder::from_env().with_container_name(url.bucket());
    if builder.get_config_value(&AzureConfigKey::AccountName).is_none()
        && !any_set(&["AZURE_STORAGE_USE_EMULATOR"])
    {
        let hint = "set AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY or another way to sign in";
        return Err(RemoteError::new(url, RemoteErrorKind::NoCredentials(hint)));
    }
    Ok(builder
        .with_config(AzureConfigKey::Client(ClientConfigKey::Timeout), LONGEST_REQUEST)
        .with_config(AzureConfigKey::Client(ClientConfigKey::ConnectTimeout), CONNECT)
        .with_retry(retry()))
}

fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(5),
            base: 2.0,
        },
        max_retries: 4,
        retry_timeout: Duration::from_mins(2),
    }
}

fn any_set(names: &[&str]) -> bool {
    names
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Whether this is a machine of a cloud, which has credentials of its own. Elsewhere nobody answers there, and to
/// wait for it as long as for a server would take minutes.
fn machine_has() -> bool {
    if std::env::var("AWS_EC2_METADATA_DISABLED").is_ok_and(|value| value.eq_ignore_ascii_case("true")) {
        return false;
    }
    TcpStream::connect_timeout(&SocketAddr::from(MACHINE_CREDENTIALS), MACHINE_PATIENCE).is_ok()
}
