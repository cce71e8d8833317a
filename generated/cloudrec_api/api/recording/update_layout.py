from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cloudrec._contract.frames import discreet

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...types import Response

from ...models.mode import Mode
from ...models.responses import Failure, UpdateLayoutResponse
from ...models.update_layout_request import UpdateLayoutRequest


def _get_kwargs(
    appid: str,
    resourceid: str,
    sid: str,
    mode: Mode,
    *,
    body: UpdateLayoutRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/apps/{appid}/cloud_recording/resourceid/{resourceid}/sid/{sid}/mode/{mode}/updateLayout".format(
            appid=quote(str(appid), safe="!$&'()*+,;=:@"),
            resourceid=quote(str(resourceid), safe="!$&'()*+,;=:@"),
            sid=quote(str(sid), safe="!$&'()*+,;=:@"),
            mode=quote(str(mode), safe="!$&'()*+,;=:@"),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Failure | UpdateLayoutResponse | None:
    if response.status_code == 200:
        response_200 = UpdateLayoutResponse(response.json())

        return response_200

    if response.status_code == 206:
        response_206 = Failure(response.json())

        return response_206

    if response.status_code == 400:
        response_400 = Failure(response.json())

        return response_400

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

    if response.status_code == 504:
        response_504 = Failure(response.json())

        return response_504

    if client.raise_on_unexpected_status:
        from ... import errors

        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Failure | UpdateLayoutResponse]:
    from ...types import Response

    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


@discreet
def sync_detailed(
    appid: str,
    resourceid: str,
    sid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateLayoutRequest,
) -> Response[Failure | UpdateLayoutResponse]:
    """Replace the layout of a composite recording

     Replaces the whole layout of a `mix` recording: a field left out goes back to its default. Wait for
    one answer before sending the next.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        sid (str): Recording ID from `start`. Opaque; 32 hexadecimal digits have been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (UpdateLayoutRequest): Body of `updateLayout`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Failure | UpdateLayoutResponse]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        sid=sid,
        mode=mode,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


@discreet
def sync(
    appid: str,
    resourceid: str,
    sid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateLayoutRequest,
) -> Failure | UpdateLayoutResponse | None:
    """Replace the layout of a composite recording

     Replaces the whole layout of a `mix` recording: a field left out goes back to its default. Wait for
    one answer before sending the next.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        sid (str): Recording ID from `start`. Opaque; 32 hexadecimal digits have been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (UpdateLayoutRequest): Body of `updateLayout`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Failure | UpdateLayoutResponse
    """

    return sync_detailed(
        appid=appid,
        resourceid=resourceid,
        sid=sid,
        mode=mode,
        client=client,
        body=body,
    ).parsed


@discreet
async def asyncio_detailed(
    appid: str,
    resourceid: str,
    sid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateLayoutRequest,
) -> Response[Failure | UpdateLayoutResponse]:
    """Replace the layout of a composite recording

     Replaces the whole layout of a `mix` recording: a field left out goes back to its default. Wait for
    one answer before sending the next.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        sid (str): Recording ID from `start`. Opaque; 32 hexadecimal digits have been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (UpdateLayoutRequest): Body of `updateLayout`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Failure | UpdateLayoutResponse]
    """

    kwargs = _get_kwargs(
        appid=appid,
        resourceid=resourceid,
        sid=sid,
        mode=mode,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


@discreet
async def asyncio(
    appid: str,
    resourceid: str,
    sid: str,
    mode: Mode,
    *,
    client: AuthenticatedClient | Client,
    body: UpdateLayoutRequest,
) -> Failure | UpdateLayoutResponse | None:
    """Replace the layout of a composite recording

     Replaces the whole layout of a `mix` recording: a field left out goes back to its default. Wait for
    one answer before sending the next.

    Args:
        appid (str): App ID of the project.
        resourceid (str): Resource ID from `acquire`. Opaque; letters, digits and `-_.~+=` have
            been seen.
        sid (str): Recording ID from `start`. Opaque; 32 hexadecimal digits have been seen.
        mode (Mode): `raw` records every user to files of their own, `mix` all users into one
            picture, `web` a web page. `individual` is what came before `raw`.
        body (UpdateLayoutRequest): Body of `updateLayout`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Failure | UpdateLayoutResponse
    """

    return (
        await asyncio_detailed(
            appid=appid,
            resourceid=resourceid,
            sid=sid,
            mode=mode,
            client=client,
            body=body,
        )
    ).parsed
