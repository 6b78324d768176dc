"""Every store over one database, as use cases reach them."""

from db.api_keys import PostgresApiKeyStore
from db.audit import PostgresAuditLog
from db.catalogs import PostgresCatalogStore
from db.customers import PostgresCustomerStore
from db.jobs import PostgresJobStore
from db.plans import PostgresPlanStore
from db.pool import Database
from resolvers.ports import Stores


def postgres_stores(database: Database) -> Stores:
    """Return the stores that share a database's pool."""
    return Stores(
        PostgresCatalogStore(database),
        PostgresCustomerStore(database),
        PostgresPlanStore(database),
        PostgresAuditLog(database),
        PostgresApiKeyStore(database),
        PostgresJobStore(database),
    )
