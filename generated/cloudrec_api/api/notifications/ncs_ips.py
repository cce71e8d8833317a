from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cloudrec._contract.frames import discreet

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...types import Response

from ...models.responses import Failure, NcsIpsResponse


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/ncs/ip",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Failure | NcsIpsResponse | None:
    if response.status_code == 200:
        response_200 = NcsIpsResponse(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Failure(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Failure(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Failure(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = Failure(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        from ... import errors

        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Failure | NcsIpsResponse]:
    from ...types import Response

    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


@discreet
def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[Failure | NcsIpsResponse]:
    """List the addresses that webhooks come from

     Addresses to let through a firewall. They change; ask at least once in 24 hours.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Failure | NcsIpsResponse]
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


@discreet
def sync(
    *,
    client: AuthenticatedClient | Client,
) -> Failure | NcsIpsResponse | None:
    """List the addresses that webhooks come from

     Addresses to let through a firewall. They change; ask at least once in 24 hours.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Failure | NcsIpsResponse
    """

    return sync_detailed(
        client=client,
    ).parsed


@discreet
async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[Failure | NcsIpsResponse]:
    """List the addresses that webhooks come from

     Addresses to let through a firewall. They change; ask at least once in 24 hours.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Failure | NcsIpsResponse]
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


@discreet
async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> Failure | NcsIpsResponse | None:
    """List the addresses that webhooks come from

     Addresses to let through a firewall. They change; ask at least once in 24 hours.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Failure | NcsIpsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
